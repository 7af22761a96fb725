// Nothing that is installed with limaml asks for a newer Node.js than limaml itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-limaml.js';

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly link?: boolean;
  readonly engines?: { readonly node?: string };
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Oldest major version that a range takes; 0 where it names none. */
const oldest = (range: string): number =>
  Math.min(...range.split('||').map((part) => Number(/(\d+)/.exec(part)?.[1] ?? 0)));

describe('what is installed with limaml', () => {
  it('runs on the oldest Node.js that limaml takes', () => {
    const own = oldest(packages['']!.engines!.node!);
    expect(own).toBe(20);
    const installed = Object.entries(packages).filter(
      ([path, { dev, devOptional, peer, link }]) =>
        path.startsWith('node_modules/') && !dev && !devOptional && !peer && !link,
    );
    expect(installed.length).toBeGreaterThan(150);
    expect(installed.filter(([, { engines }]) => oldest(engines?.node ?? '') > own)).toEqual([]);
  });

  it('is told from ranges of every form', () => {
    expect(['>=22', '^18.17.0 || >=20.5.0', '>= 0.4', '*'].map(oldest)).toEqual([22, 18, 0, 0]);
  });
});

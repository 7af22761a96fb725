// `--help` of every command is text under test, and `--help` and `--version` need no heavy code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import type { CommandSpec } from '../../src/cli/spec/command.js';
import { limaml, ROOT } from './run-limaml.js';

const GOLDEN = join(ROOT, 'test', 'cli', 'golden');

function commandLines(
  specs: readonly CommandSpec[],
  before: readonly string[] = [],
): readonly (readonly string[])[] {
  return specs.flatMap((spec) => {
    const line = [...before, spec.name];
    return [line, ...commandLines(spec.commands ?? [], line)];
  });
}

const lines = [[], ...commandLines(COMMANDS)];

describe('help', () => {
  it('is recorded for every command, and for nothing else', () => {
    const recorded = readdirSync(GOLDEN).sort();
    expect(recorded).toEqual(lines.map((line) => `${['limaml', ...line].join('-')}.txt`).sort());
    expect(recorded.length).toBeGreaterThanOrEqual(9);
  });

  it.each(lines.map((line) => ({ name: ['limaml', ...line].join(' '), line })))(
    'of $name',
    async ({ line }) => {
      const { code, stdout, stderr } = await limaml([...line, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      await expect(stdout).toMatchFileSnapshot(join(GOLDEN, `${['limaml', ...line].join('-')}.txt`));
    },
  );

  it('is what the bare program prints', async () => {
    const { code, stdout } = await limaml([]);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(GOLDEN, 'limaml.txt'), 'utf8'));
  });

  it('shows examples that the command understands', () => {
    const examples = (specs: readonly CommandSpec[]): readonly string[] =>
      specs.flatMap((spec) => [...spec.examples, ...examples(spec.commands ?? [])]);
    const all = examples(COMMANDS);
    expect(all.length).toBeGreaterThan(lines.length);
    const names = commandLines(COMMANDS).map((line) => line.join(' '));
    expect(
      all.filter(
        (example) =>
          !names.some(
            (name) =>
              example === name || example.startsWith(`${name} `) || example.includes(`limaml ${name}`),
          ),
      ),
    ).toEqual([]);
  });
});

describe('version', () => {
  it('is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await limaml(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

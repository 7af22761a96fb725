// The list of faults on purpose fits the sources as they are; whether tests notice them is for `npm run mutants`.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Mutant, mutate } from './mutant.js';
import { MUTANTS } from './mutants.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

describe('the mutants', () => {
  it('have names of their own', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(35);
  });

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    '%s finds its text, and the tests that must notice it',
    (_, mutant) => {
      expect(mutate(readFileSync(join(ROOT, mutant.file), 'utf8'), mutant)).toContain(mutant.replace);
      expect(mutant.tests.length).toBeGreaterThan(0);
      for (const test of mutant.tests) expect(existsSync(join(ROOT, test)), test).toBe(true);
    },
  );
});

describe('a mutant whose text is gone, stands twice or changes nothing', () => {
  const mutant: Mutant = { name: 'x', what: '', file: 'f.ts', search: 'a + b', replace: 'a - b', tests: [] };

  it('is an error', () => {
    expect(mutate('let c = a + b;', mutant)).toBe('let c = a - b;');
    expect(() => mutate('let c = a * b;', mutant)).toThrow(/stands 0 times/);
    expect(() => mutate('a + b; a + b', mutant)).toThrow(/stands 2 times/);
    expect(() => mutate('a + b', { ...mutant, replace: 'a + b' })).toThrow(/changes nothing/);
  });
});

// Breaks a copy of the sources in every way of the list, one at a time: the named tests must fail, each of them.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';
import { copyTree, type TreeCopy } from './tree-copy.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

let tree: TreeCopy;
beforeAll(async () => {
  tree = copyTree(ROOT);
});
afterAll(() => tree.remove());

it('without a fault the same tests pass', async () => {
  const tests = [...new Set(MUTANTS.flatMap((mutant) => mutant.tests))];
  const { failed, passed, output } = await tree.run(tests);
  expect([...failed.keys()].sort(), output).toEqual([...tests].sort());
  expect([...failed].filter(([, count]) => count > 0)).toEqual([]);
  expect(passed).toBeGreaterThan(tests.length);
});

it.each(MUTANTS.map((mutant) => [mutant.name, mutant.what, mutant] as const))(
  '%s: %s',
  async (_, _what, mutant) => {
    const { failed } = await tree.runBroken(mutant);
    const survived = mutant.tests.filter((test) => (failed.get(test) ?? 0) === 0);
    expect(survived, 'tests that did not notice').toEqual([]);
  },
);

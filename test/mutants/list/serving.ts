// Bundles that serve other rows, other words or other numbers than were trained on.
import type { Mutant } from '../mutant.js';

const through = ['test/export/through.test.ts'];

export const SERVING_MUTANTS: readonly Mutant[] = [
  {
    name: 'X2',
    what: 'an export through valid leaves the validation rows out of the support',
    file: 'src/export/write-vectors.ts',
    search: 'valid: [SPLIT.train, SPLIT.valid, SPLIT.support]',
    replace: 'valid: [SPLIT.train, SPLIT.support]',
    tests: through,
  },
  {
    name: 'X2b',
    what: 'an export through test, the default, leaves the test rows out of the support',
    file: 'src/export/write-vectors.ts',
    search: 'test: [SPLIT.train, SPLIT.valid, SPLIT.test, SPLIT.support]',
    replace: 'test: [SPLIT.train, SPLIT.valid, SPLIT.support]',
    tests: through,
  },
  {
    name: 'X3',
    what: 'the logarithm in exported graphs forgets the sign of a number',
    file: 'src/graph/ops/raw.ts',
    search: "emit.node('Mul', [emit.node('Sign', [x!]), size()])",
    replace: 'size()',
    tests: ['test/graph/raw-ops.test.ts'],
  },
  {
    name: 'X3b',
    what: 'the logarithm of prepared numbers has their size where their sign belongs',
    file: 'src/prepared/encode-number.ts',
    search: 'log ? `sign(',
    replace: 'log ? `abs(',
    tests: ['test/prepared/encode-number.test.ts'],
  },
  {
    name: 'X4',
    what: 'IDs that the model did not learn from stand in the dictionary of the exported graph',
    file: 'src/export/graphs/vocabularies.ts',
    search: 'if (seen !== undefined && seen[index] !== 1) continue;',
    replace: 'if (seen !== undefined && seen[index] === 2) continue;',
    tests: through,
  },
  {
    name: 'X6',
    what: 'of events of one time, a refresh cuts off the later ones',
    file: 'src/serving/merge-support.ts',
    search: '...stored.item.map((_item, row) => row),\n  ...fresh.map((row) => -1 - row),',
    replace: '...fresh.map((row) => -1 - row),\n  ...stored.item.map((_item, row) => row),',
    tests: ['test/serving/merge-support.test.ts'],
  },
  {
    name: 'X7',
    what: 'a refresh takes an event that the full support had been cut from before',
    file: 'src/serving/merge-support.ts',
    search: 'const full = stored.item.length >= most;',
    replace: 'const full = stored.item.length > most;',
    tests: ['test/serving/merge-support.test.ts'],
  },
];

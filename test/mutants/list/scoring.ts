// Supports that hold what they must not, and rows with the labels of others.
import type { Mutant } from '../mutant.js';

const SUPPORT = 'src/scoring/support.ts';
const tests = ['test/scoring/support.test.ts'];

export const SCORING_MUTANTS: readonly Mutant[] = [
  {
    name: 'E6',
    what: 'entities taken out of a shard carry the labels of its first rows',
    file: 'src/evaluation/adaptation/take-entities.ts',
    search: 'label: Float32Array.from(rows, (row) => shard.label[row]!)',
    replace: 'label: Float32Array.from(rows, (_, i) => shard.label[i]!)',
    tests: ['test/evaluation/adaptation/entity-sample.test.ts'],
  },
  {
    name: 'E7',
    what: 'a support row of the very instant is no leak',
    file: SUPPORT,
    search: 'if (last >= at) throw',
    replace: 'if (last > at) throw',
    tests,
  },
  {
    name: 'E8',
    what: 'what happens at an instant is known before it',
    file: SUPPORT,
    search: '< at) low',
    replace: '<= at) low',
    tests,
  },
  {
    name: 'E9',
    what: 'rows that came too late count as known',
    file: SUPPORT,
    search: 'known: support.known.filter(old)',
    replace: 'known: support.known',
    tests,
  },
  {
    name: 'W1',
    what: 'rows after a training are scored by the model before it, where nothing became known between',
    file: 'src/scoring/windows.ts',
    search: ' && windows[0]!.training === training',
    replace: '',
    tests: ['test/scoring/replay.test.ts'],
  },
];

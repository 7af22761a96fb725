// Comparisons of runs that say something else than they seem to.
import type { Mutant } from '../mutant.js';

const BASELINE = 'src/workflows/baseline.ts';
const tests = ['test/workflows/baseline.test.ts'];

export const RUN_MUTANTS: readonly Mutant[] = [
  {
    name: 'V1',
    what: 'a baseline that was trained on other data is compared',
    file: BASELINE,
    search: 'if (config.dataset.hash !== request.config.dataset.hash) {',
    replace: 'if (config.dataset.hash === "") {',
    tests,
  },
  {
    name: 'V3',
    what: 'a damaged run is evaluated',
    file: 'src/workflows/evaluate.ts',
    search: '  await verifyRun(run.path);\n',
    replace: '',
    tests,
  },
  {
    name: 'V4',
    what: 'a damaged run is a baseline',
    file: BASELINE,
    search: '  await verifyRun(place.path);\n',
    replace: '',
    tests,
  },
  {
    name: 'V5',
    what: 'two runs of one model share a name',
    file: BASELINE,
    search: 'taken.some((other) => other.name === name)',
    replace: 'taken.length > 9',
    tests,
  },
  {
    name: 'V7',
    what: 'a baseline does not know the run that it was trained for, and is the latest',
    file: BASELINE,
    search: '    baselineOf: run.id,\n',
    replace: '',
    tests,
  },
  {
    name: 'C1',
    what: 'results are means over the seeds that have a number, beside means over all of them',
    file: 'src/workflows/results/collate.ts',
    search: 'estimates.length < evaluations.length ? null',
    replace: 'estimates.length === 0 ? null',
    tests: ['test/workflows/collate.test.ts'],
  },
];

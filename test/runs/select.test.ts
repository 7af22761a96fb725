// A list of runs filtered and sorted.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listSummaries } from '../../src/runs/list.js';
import { noteRun, tagRun } from '../../src/runs/marks.js';
import { gainOf } from '../../src/runs/metric-gain.js';
import { limitRuns, selectRuns } from '../../src/runs/select.js';
import { madeUpRun } from './made-up-run.js';

let cwd: string;
afterAll(() => rm(cwd, { recursive: true }));
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'limaml-runs-'));
  madeUpRun(cwd, { id: '1', steps: 0, valid: { auc: 0.7 }, tested: { 1: 0.72, 4: 0.66 } });
  madeUpRun(cwd, { id: '2', seed: 10, valid: { auc: 0.8 }, tested: { 2: 0.79 } });
  madeUpRun(cwd, { experiment: 'b', id: '3', seed: 9, dataset: 'films', dataHash: 'abc'.repeat(21) });
  madeUpRun(cwd, { id: '4', model: 'widedeep', baselineOf: '1', finished: false });
  await tagRun(`${cwd}/experiments/a/runs`, '2', 'production');
  await noteRun(`${cwd}/experiments/a/runs`, '2', 'the one');
});

const ids = (where: readonly string[], sort?: string, limit?: number): string =>
  limitRuns(selectRuns(listSummaries(cwd).runs, { where, sort }, gainOf), sort, limit ?? 'all')
    .map(({ id }) => id)
    .join(' ');

it.each([
  [['model=limaml'], '1 2 3'],
  [['model!=limaml'], '4'],
  [['experiment=a', 'state=finished'], '1 2'],
  [['tag=production'], '2'],
  [['tag!=production'], '1 3 4'],
  [['data=films'], '3'],
  [['data=abcabcabcabc'], '3'],
  [['baseline=true'], '4'],
  [['seed>=9'], '2 3'],
  [['seed=10'], '2'],
  // As numbers, not as texts.
  [['seed<10'], '1 3 4'],
  [['auc>0.7'], '1 2'],
  [['auc < 0.7'], '4'],
  [['valid.auc>=0.8'], '2'],
  [['model.inner.steps=0'], '1'],
  [['model.inner.steps!=0'], '2 3 4'],
  [['started>2025'], '1 2 3 4'],
  [['seed>many'], ''],
])('%s holds for %s', (where, expected) => {
  expect(ids(where)).toBe(expected);
});

it('sorts metrics the best first, what lacks them last, all else ascending', () => {
  expect(ids([], 'auc')).toBe('2 1 4 3');
  expect(ids([], 'logLoss')).toBe('2 1 4 3');
  expect(ids([], 'seed')).toBe('1 4 3 2');
  expect(ids([], 'auc', 2)).toBe('2 1');
  expect(ids([], undefined, 2)).toBe('3 4');
});

it('shows the fields that it was chosen by, and what lies beside the runs', () => {
  const [run] = selectRuns(
    listSummaries(cwd).runs,
    { where: ['tag=production', 'model.inner.steps>1'], sort: undefined },
    gainOf,
  );
  expect(run).toMatchObject({
    fields: { tag: 'production', 'model.inner.steps': 3 },
    tags: ['production'],
    note: 'the one',
    test: { auc: 0.79 },
  });
});

it('a baseline has the test metrics of the evaluation that it stands in', () => {
  const runs = listSummaries(cwd).runs;
  expect(runs.map(({ test }) => test?.['auc'] ?? null)).toEqual([0.72, 0.79, null, 0.66]);
});

it.each([
  ['model', 'RUNS_WHERE'],
  ['=3', 'RUNS_WHERE'],
  ['modle=limaml', 'RUNS_FIELD'],
])('refuses %s', (where, code) => {
  expect(() => ids([where])).toThrowError(expect.objectContaining({ code, exitCode: 2 }));
});

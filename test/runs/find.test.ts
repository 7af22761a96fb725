// Runs are listed, and found by id, by its beginning, by path and as the latest.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../src/progress.js';
import { findRun } from '../../src/runs/find.js';
import { listSummaries } from '../../src/runs/list.js';
import { listRuns } from '../../src/runs/places.js';
import { trainRun } from '../../src/workflows/train.js';
import { pretendTrainer, smallRequest, temporaryFolder } from '../workflows/small-experiment.js';
import { madeUpRun } from './made-up-run.js';

let cwd: string;
describe('finding a run', () => {
  beforeEach(async () => {
    cwd = await temporaryFolder();
    for (const [experiment, id] of [
      ['a', '20260101-000000-aaaaaa'],
      ['a', '20260102-000000-bbbbbb'],
      ['b', '20260103-000000-cccccc'],
    ] as const)
      madeUpRun(cwd, { experiment, id });
    madeUpRun(cwd, { experiment: 'b', id: '20260104-000000-dddddd', finished: false });
    await mkdir(join(cwd, 'experiments', 'b', 'runs', '.20260105-000000-eeeeee.1.tmp'));
    await writeFile(join(cwd, 'experiments', 'notes.txt'), '');
  });

  it('lists all of them, oldest first, without folders that are still being made', () => {
    expect(listRuns(cwd).map(({ id, experiment }) => `${experiment}/${id}`)).toEqual([
      'a/20260101-000000-aaaaaa',
      'a/20260102-000000-bbbbbb',
      'b/20260103-000000-cccccc',
      'b/20260104-000000-dddddd',
    ]);
  });

  it.each([
    ['20260102-000000-bbbbbb', '20260102-000000-bbbbbb'],
    ['20260102', '20260102-000000-bbbbbb'],
    ['experiments/a/runs/20260101-000000-aaaaaa', '20260101-000000-aaaaaa'],
    ['latest', '20260103-000000-cccccc'],
    ['latest@a', '20260102-000000-bbbbbb'],
    ['latest@dddddddd', '20260103-000000-cccccc'],
    ['a/latest', '20260102-000000-bbbbbb'],
    ['b/20260104', '20260104-000000-dddddd'],
    ['latest@tiny', '20260103-000000-cccccc'],
  ])('finds %s', (reference, id) => {
    expect(findRun(reference, cwd, silent).id).toBe(id);
  });

  it('never takes a run of another experiment for one of the experiment that is named as its data set is', () => {
    expect(() => findRun('tiny/latest', cwd, silent)).toThrowError(
      expect.objectContaining({
        code: 'RUN_MISSING',
        what: expect.stringContaining('No run here is of an experiment "tiny".'),
        next: expect.stringContaining('latest@tiny'),
      }),
    );
    madeUpRun(cwd, { experiment: 'tiny', id: '20260101-000000-ffffff' });
    for (const reference of ['tiny/latest', 'latest@tiny', 'best@tiny'])
      expect(findRun(reference, cwd, silent).id).toBe('20260101-000000-ffffff');
  });

  it('never takes a baseline for the latest', () => {
    madeUpRun(cwd, { experiment: 'b', id: '20260106-000000-ffffff', baselineOf: '20260103-000000-cccccc' });
    expect(findRun('latest', cwd, silent).id).toBe('20260103-000000-cccccc');
  });

  it('says what there is when nothing fits', () => {
    expect(() => findRun('20260102-000000-bbbbbc', cwd, silent)).toThrowError(
      expect.objectContaining({
        code: 'RUN_MISSING',
        what: 'There is no such run. Closest: 20260102-000000-bbbbbb.',
        next: expect.stringContaining('20260104-000000-dddddd'),
      }),
    );
    expect(() => findRun('c/latest', cwd, silent)).toThrowError(
      expect.objectContaining({
        code: 'RUN_MISSING',
        what: 'No run here is of "c". Closest: a.',
        next: 'Experiments with runs: a, b. Data sets: tiny. See: limaml runs',
      }),
    );
    expect(() => findRun('b', cwd, silent)).toThrowError(
      expect.objectContaining({
        what: 'This is an experiment and no run.',
        next: 'Its newest run: b/latest; its best: best@b; all: limaml runs --where experiment=b',
      }),
    );
    expect(() => findRun('latest', join(cwd, 'experiments'), silent)).toThrowError(
      expect.objectContaining({ next: expect.stringContaining('train one') }),
    );
  });

  it('does not choose between two', () => {
    expect(() => findRun('202601', cwd, silent)).toThrowError(
      expect.objectContaining({
        code: 'RUN_AMBIGUOUS',
        what: expect.stringContaining('4 runs are named so'),
      }),
    );
  });
});

describe('runs of one second', () => {
  it('are told apart by their start: the last started is the latest, whatever their ids', async () => {
    cwd = await temporaryFolder();
    const ids: string[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const request = await smallRequest(cwd, { trainer: pretendTrainer(1), set: [`seed=${seed}`] });
      let ms = Date.UTC(2026, 7, 2, 14, 15, 2) + 10 * seed;
      const { run } = await trainRun({ ...request, now: () => new Date(ms++) });
      ids.push(run);
      expect(findRun('latest', cwd, silent).id).toBe(run);
    }
    // Their ids alone would not have told.
    expect([...ids].sort()).not.toEqual(ids);
  });
});

describe('a summary', () => {
  it('tells state, model, data and best epoch', async () => {
    cwd = await temporaryFolder();
    const { run } = await trainRun(await smallRequest(cwd, { trainer: pretendTrainer(2) }));
    expect(listSummaries(cwd).runs).toEqual([
      expect.objectContaining({
        id: run,
        experiment: 'small',
        state: 'finished',
        model: 'limaml',
        dataset: 'memory',
        seed: 1,
        epochs: 2,
        best: { epoch: 2, auc: 0.75 },
        seconds: 2,
      }),
    ]);
  });
});

// Runs named by meaning: tags, the latest and the best, which is told by validation rows alone.
import { beforeEach, describe, expect, it } from 'vitest';
import { type ProgressEvent, silent } from '../../src/progress.js';
import { findRun } from '../../src/runs/find.js';
import { tagRun, untagRun } from '../../src/runs/marks.js';
import { temporaryFolder } from '../workflows/small-experiment.js';
import { madeUpRun } from './made-up-run.js';

let cwd: string;
const A1 = '20260101-000000-aaaaaa';
const A2 = '20260102-000000-bbbbbb';
const B1 = '20260103-000000-cccccc';
const W1 = '20260104-000000-dddddd';

beforeEach(async () => {
  cwd = await temporaryFolder();
  // The first is best on validation rows, and worst on test rows.
  madeUpRun(cwd, { id: A1, valid: { auc: 0.8, logLoss: 0.5 }, tested: { [A1]: 0.6 } });
  madeUpRun(cwd, {
    id: A2,
    valid: { auc: 0.7, logLoss: 0.4 },
    tested: { [A2]: 0.9 },
    origins: { 'model.inner.steps': '--set model.inner.steps=0' },
  });
  madeUpRun(cwd, {
    experiment: 'b',
    id: B1,
    dataset: 'films',
    dataHash: 'f'.repeat(64),
    valid: { auc: 0.9 },
  });
  madeUpRun(cwd, { id: W1, model: 'widedeep', baselineOf: A1, valid: { auc: 0.85, logLoss: 0.6 } });
});

const told = (reference: string): { readonly id: string; readonly notes: readonly string[] } => {
  const events: ProgressEvent[] = [];
  const { id } = findRun(reference, cwd, (event) => events.push(event));
  return { id, notes: events.flatMap((event) => (event.kind === 'note' ? [event.text] : [])) };
};

describe('best', () => {
  it.each([
    ['best@a', A1],
    ['a/best', A1],
    ['best:auc@tiny', A1],
    // Lower is better.
    ['best:logLoss@a', A2],
    ['best@films', B1],
    ['best:auc@ffffffff', B1],
  ])('%s', (reference, id) => {
    expect(told(reference).id).toBe(id);
  });

  it('says by what, of how many, and that a baseline does better', () => {
    expect(told('best@a').notes).toEqual([
      `best@a is run ${A1} of a: validation auc 0.8, the best of 2`,
      `the baseline widedeep (run ${W1}) has a better one: 0.85`,
    ]);
  });

  it('does not choose among runs on other rows', () => {
    expect(() => findRun('best', cwd, silent)).toThrowError(
      expect.objectContaining({
        code: 'RUN_AMBIGUOUS',
        what: expect.stringContaining('tiny dddddddddddd (2), films ffffffffffff (1)'),
        next: expect.stringContaining('best@ffffffffffff'),
      }),
    );
  });

  it('needs a metric that was followed', () => {
    expect(() => findRun('best:logloss@a', cwd, silent)).toThrowError(
      expect.objectContaining({ code: 'RUN_METRIC', what: expect.stringContaining('Closest: "logLoss"') }),
    );
  });
});

it('latest says that it is an ablation', () => {
  expect(told('a/latest')).toEqual({
    id: A2,
    notes: [
      `a/latest is run ${A2} of a, trained with --set model.inner.steps=0: not what its recipe alone says`,
    ],
  });
  expect(told('latest')).toEqual({ id: B1, notes: [] });
});

describe('a tag', () => {
  const runs = (experiment: string): string => `${cwd}/experiments/${experiment}/runs`;

  it('names a run, moves, and goes', async () => {
    expect(await tagRun(runs('a'), A1, 'production')).toBeUndefined();
    expect(told('production').id).toBe(A1);
    expect(await tagRun(runs('a'), A2, 'production')).toBe(A1);
    expect(told('production')).toEqual({ id: A2, notes: [] });
    await expect(untagRun(runs('a'), A1, 'production')).rejects.toMatchObject({ code: 'RUN_TAG' });
    await untagRun(runs('a'), A2, 'production');
    expect(() => findRun('production', cwd, silent)).toThrowError(
      expect.objectContaining({ code: 'RUN_MISSING' }),
    );
  });

  it('of two experiments needs the experiment', async () => {
    await tagRun(runs('a'), A1, 'live');
    await tagRun(runs('b'), B1, 'live');
    expect(() => findRun('live', cwd, silent)).toThrowError(
      expect.objectContaining({ code: 'RUN_AMBIGUOUS' }),
    );
    expect([told('a/live').id, told('live@films').id]).toEqual([A1, B1]);
    expect(() => findRun('lvie', cwd, silent)).toThrowError(
      expect.objectContaining({ what: expect.stringContaining('Closest: live') }),
    );
  });

  it.each(['latest', 'best', '2026', 'Production', 'a b', ''])('is not "%s"', async (tag) => {
    await expect(tagRun(runs('a'), A1, tag)).rejects.toMatchObject({ code: 'RUN_TAG', exitCode: 2 });
  });
});

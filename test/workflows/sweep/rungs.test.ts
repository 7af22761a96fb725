// Rungs of a sweep, and who stands where at the end, worked by hand.
import { describe, expect, it } from 'vitest';
import { settings } from '../../../src/config/overrides.js';
import { boards, type TrialResult } from '../../../src/workflows/sweep/leaderboard.js';
import { ranked, rungEpochs, survivors } from '../../../src/workflows/sweep/rungs.js';

const halving = { method: 'halving', eta: 3, firstEpochs: 2 } as const;

describe('rungs', () => {
  it('multiply the epochs until all are reached', () => {
    expect(rungEpochs(30, halving)).toEqual([2, 6, 18, 30]);
    expect(rungEpochs(18, halving)).toEqual([2, 6, 18]);
    expect(rungEpochs(2, halving)).toEqual([2]);
    expect(rungEpochs(30, { ...halving, method: 'random' })).toEqual([30]);
  });

  it('let one of eta go on, at least one', () => {
    expect([12, 4, 3, 2, 1].map((trials) => survivors(trials, 3))).toEqual([4, 1, 1, 1, 1]);
  });

  it('rank failures last and equal scores by number', () => {
    const scores = [0.5, null, 0.7, 0.5];
    const order = ranked(scores.map((score, trial) => ({ trial, score })));
    expect(order.map(({ trial }) => trial)).toEqual([2, 0, 3, 1]);
  });
});

function result(model: string, trial: number, rung: number, score: number | null): TrialResult {
  return {
    model,
    trial,
    rung,
    epochs: 2 * 3 ** rung,
    assignment: trial === 0 ? {} : { 'training.rate': trial / 10 },
    run: `run-${model}-${trial}-${rung}`,
    value: score,
    score,
    bestEpoch: 1,
    trained: 2,
    seconds: 10,
    failure: score === null ? 'LOSS_NOT_FINITE' : null,
  };
}

describe('a leaderboard', () => {
  it('puts the trials that went further first, whatever an earlier rung said, and counts everything that was spent', () => {
    const [limaml, deep] = boards(
      ['limaml', 'deep'],
      [
        result('limaml', 0, 0, 0.9),
        result('limaml', 1, 0, 0.8),
        result('limaml', 2, 0, 0.6),
        result('limaml', 0, 1, 0.7),
        result('limaml', 1, 1, 0.75),
        result('deep', 0, 0, null),
      ],
    );
    expect(limaml!.trials.map(({ trial, rung }) => [trial, rung])).toEqual([
      [1, 1],
      [0, 1],
      [2, 0],
    ]);
    expect(limaml!.best).toMatchObject({ trial: 1, score: 0.75 });
    expect(limaml!.spent).toEqual({ trials: 3, epochs: 10, seconds: 50 });
    expect(deep!.best).toBeNull();
  });

  it('writes settings as they can be typed again', () => {
    expect(
      settings({ 'training.rate': 0.003, 'model.hidden': [64, 32], 'model.meta.activation': 'silu' }),
    ).toEqual(['training.rate=0.003', 'model.hidden=[64,32]', 'model.meta.activation="silu"']);
  });
});

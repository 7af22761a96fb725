// `evaluation.replay`: what may be written, and what it means in milliseconds.
import { describe, expect, it } from 'vitest';
import { replayConfig, replayTimes } from '../../src/evaluation/config/replay-config.js';
import { spanMs } from '../../src/time-span.js';

const times = (given: object) => replayTimes(replayConfig.parse(given));

describe('the replay of a recipe', () => {
  it('is frozen by default', () => {
    expect(replayConfig.parse({})).toEqual({
      refresh: 'none',
      delay: '0s',
      retrain: 'none',
      retrained: 'all',
    });
    expect(times({})).toEqual({ refresh: 'none', delayMs: 0, retrainMs: undefined });
  });

  it('reads lengths of time', () => {
    expect(['90s', '30m', '1.5h', '1d', '2w'].map(spanMs)).toEqual([
      90_000, 1_800_000, 5_400_000, 86_400_000, 1_209_600_000,
    ]);
    expect(times({ refresh: '1d', delay: '1h', retrain: '7d' })).toEqual({
      refresh: 86_400_000,
      delayMs: 3_600_000,
      retrainMs: 604_800_000,
    });
    expect(times({ refresh: 'event' }).refresh).toBe('event');
  });

  it('refuses what is none', () => {
    for (const given of [
      { refresh: 'daily' },
      { refresh: '0d' },
      { refresh: '1' },
      { refresh: 1 },
      { refresh: '-1d' },
      { delay: 'event' },
      { delay: 'none' },
      { retrain: 'event' },
      { retrain: '0s' },
      { every: '1d' },
    ])
      expect(replayConfig.safeParse(given).success, JSON.stringify(given)).toBe(false);
  });
});

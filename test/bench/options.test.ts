// The benchmark's command line: what it refuses, and what it makes of the rest.
import { describe, expect, it } from 'vitest';
import { benchOptions } from '../../bench/options.js';
import { UserError } from '../../src/errors.js';

describe('benchOptions', () => {
  it('fills in both thread counts, seven rounds and every setting of the job', () => {
    const { settings, ...rest } = benchOptions(['train']);
    expect(settings.map(({ name }) => name)).toEqual(['a1', 'a5', 'b']);
    expect(rest).toEqual({
      job: 'train',
      json: false,
      threads: [1, 2],
      rounds: 7,
      only: [],
      rows: [],
      write: false,
      folder: undefined,
      device: 'cpu',
    });
  });

  it('narrows down', () => {
    const args = ['adapt', '--setting', 'c3', '--threads', '2,2', '--only', 'jax', '--repeat', '3', '--json'];
    const { settings, ...rest } = benchOptions(args);
    expect(settings.map(({ name }) => name)).toEqual(['c3']);
    expect(rest).toEqual({
      job: 'adapt',
      json: true,
      threads: [2],
      rounds: 3,
      only: ['jax'],
      rows: [],
      write: false,
      folder: undefined,
      device: 'cpu',
    });
  });

  it.each([
    [[], 'BENCH_UNKNOWN_JOB', 'No benchmark'],
    [['trian'], 'BENCH_UNKNOWN_JOB', '"trian"'],
    [['train', 'adapt'], 'BENCH_UNKNOWN_JOB', 'One benchmark'],
    [['train', '--treads', '1'], 'BENCH_BAD_FLAG', '--treads'],
    [['train', '--threads', '0'], 'BENCH_BAD_FLAG', '"0"'],
    [['train', '--threads', ''], 'BENCH_BAD_FLAG', 'at least one'],
    [['train', '--repeat', '3,4'], 'BENCH_BAD_FLAG', 'one number'],
    [['train', '--device', 'tpu'], 'BENCH_BAD_FLAG', '"tpu"'],
    [['prep', '--device', 'cuda'], 'BENCH_BAD_FLAG', 'CPU alone'],
    [['train', '--write'], 'BENCH_BAD_FLAG', 'no page'],
    [['prep', '--in', 'logs'], 'BENCH_BAD_FLAG', 'keeps nothing'],
    [['train', '--setting', 'a1,c1'], 'BENCH_UNKNOWN_SETTING', '"c1"'],
    [['score', '--only', 'limaml,tensorflow'], 'BENCH_BAD_FLAG', '"tensorflow"'],
  ])('refuses %j', (args, code, words) => {
    let refused: unknown;
    try {
      benchOptions(args);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(UserError);
    expect((refused as UserError).code).toBe(code);
    expect((refused as UserError).message).toContain(words);
  });
});

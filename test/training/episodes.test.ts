// Episodes: support and query are disjoint, within bounds, and in time order where that is asked for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomStream } from '../../src/random.js';
import { type DrawOptions, drawEpisode } from '../../src/training/episodes.js';

const options = fc.record({
  maxSupport: fc.integer({ min: 1, max: 12 }),
  maxQuery: fc.integer({ min: 1, max: 12 }),
  order: fc.constantFrom('time' as const, 'random' as const),
  supports: fc.constantFrom(
    { sizes: [0], atLeast: 0 },
    { sizes: [0.5], atLeast: 0 },
    { sizes: [0.1, 0.2, 0, 0.3], atLeast: 4 },
  ),
});
/** Time steps, many of them zero: ties are the rule in real logs. */
const steps = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 });

function draw(gaps: readonly number[], episode: Omit<DrawOptions, 'placebo'>, seed: number) {
  const timestampMs = new Float64Array(gaps.length);
  gaps.forEach((gap, i) => {
    timestampMs[i] = (timestampMs[i - 1] ?? 0) + gap;
  });
  const rows = Int32Array.from(gaps, (_, i) => i);
  const history = {
    entity: 3,
    rows,
    shard: { timestampMs, label: new Float32Array(gaps.length), split: new Uint8Array(gaps.length) },
  };
  return { timestampMs, ...drawEpisode(history, { ...episode, placebo: [] }, randomStream(seed, 'test')) };
}

it('never shares a row between support and query, and keeps to the sizes', () => {
  fc.assert(
    fc.property(steps, options, fc.nat(), (gaps, episode, seed) => {
      const { support, query, entity } = draw(gaps, episode, seed);
      expect(entity).toBe(3);
      expect(new Set([...support, ...query]).size).toBe(support.length + query.length);
      expect(support.length).toBeLessThanOrEqual(episode.maxSupport);
      expect(query.length).toBeGreaterThan(0);
      expect(query.length).toBeLessThanOrEqual(episode.maxQuery);
      for (const rows of [support, query]) expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
    }),
  );
});

it('in time order, has every support row strictly before every query row', () => {
  fc.assert(
    fc.property(steps, options, fc.nat(), (gaps, episode, seed) => {
      const { support, query, timestampMs } = draw(gaps, { ...episode, order: 'time' }, seed);
      if (support.length === 0) return;
      expect(timestampMs[support.at(-1)!]!).toBeLessThan(timestampMs[query[0]!]!);
    }),
  );
});

it('draws empty supports as often as asked', () => {
  const gaps = new Array<number>(30).fill(1);
  const episode = {
    maxSupport: 30,
    maxQuery: 30,
    order: 'random',
    supports: { sizes: [0.25], atLeast: 0 },
  } as const;
  let empty = 0;
  for (let seed = 0; seed < 2000; seed++) if (draw(gaps, episode, seed).support.length === 0) empty++;
  // Binomial with n = 2000 and p = 0.25: four standard deviations are 77.
  expect(Math.abs(empty - 500)).toBeLessThan(77);
});

it('cuts everywhere: over many draws every row is a query and every row but the last is support', () => {
  const gaps = new Array<number>(10).fill(1);
  const episode = {
    maxSupport: 30,
    maxQuery: 30,
    order: 'time',
    supports: { sizes: [0], atLeast: 0 },
  } as const;
  const [supports, queries] = [new Set<number>(), new Set<number>()];
  for (let seed = 0; seed < 300; seed++) {
    const { support, query } = draw(gaps, episode, seed);
    for (const row of support) supports.add(row);
    for (const row of query) queries.add(row);
  }
  expect([supports.size, queries.size]).toEqual([9, 10]);
});

// Pairs within an entity, both rows scored with what was known at the earlier: by hand, against group AUC where scores stand still, and
// in a simulation where the naive number calls a better model worse than chance.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupAucs } from '../../src/evaluation/metrics/auc.js';
import { pairCounter, pairPlan } from '../../src/evaluation/rows/entity-pairs.js';
import { groupRanking, rankRows } from '../../src/evaluation/rows/ranked-rows.js';
import { randomStream } from '../../src/random.js';

interface Instant {
  readonly labels: readonly number[];
}
/** A score of the row at a place, with what was known at an instant. */
type Score = (row: number, instant: number) => number;

/** AUC of one entity whose rows come in instants, most of which are compared. */
function pairAuc(instants: readonly Instant[], score: Score, most?: number, seed = 1): number {
  const label = Float32Array.from(instants.flatMap(({ labels }) => [...labels]));
  let at = 0;
  const queries = instants.map(({ labels }) => Int32Array.from(labels, () => at++));
  const counter = pairCounter(1);
  const scored = (rows: Int32Array, instant: number) => ({
    label: Float32Array.from(rows, (row) => label[row]!),
    probability: Float64Array.from(rows, (row) => score(row, instant)),
  });
  for (const { place, draws } of pairPlan(seed, most)(1, queries, label)) {
    const later = Int32Array.from(queries.slice(place + 1).flatMap((rows) => [...rows]));
    counter.add({ entity: 1, draws, own: scored(queries[place]!, place), later: scored(later, place) });
  }
  const { wins, pairs } = counter.result();
  return wins[1]! / pairs[1]!;
}

describe('pairs of an entity', () => {
  it('are scored with what was known at the earlier, by hand', () => {
    // Rows 0 (click) and 1 at instant 0, row 2 at instant 1, row 3 (click) at instant 2.
    const instants = [{ labels: [1, 0] }, { labels: [0] }, { labels: [1] }];
    const scores = [
      [0.5, 0.4, 0.6, 0.4],
      [Number.NaN, Number.NaN, 0.1, 0.2],
      [Number.NaN, Number.NaN, Number.NaN, 0.9],
    ];
    // With instant 0: 0 over 1 wins, 0 over 2 loses, 3 over 1 ties. With instant 1: 3 over 2 wins.
    expect(pairAuc(instants, (row, instant) => scores[instant]![row]!)).toBe(2.5 / 4);
  });

  it('equal the AUC of the entity to the last bit where scores stand still', () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 }), fc.boolean()),
      {
        minLength: 2,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(rows, (given) => {
        const instants: { labels: number[] }[] = [];
        for (const [label, , fresh] of given) {
          if (fresh || instants.length === 0) instants.push({ labels: [] });
          instants.at(-1)!.labels.push(label);
        }
        const scores = given.map(([, score]) => score / 7);
        const ranked = rankRows(
          Uint8Array.from(given, ([label]) => label),
          Float64Array.from(scores),
        );
        const expected = groupAucs(groupRanking(ranked, 1))[0]!;
        expect(pairAuc(instants, (row) => scores[row]!)).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('are estimated without bias from a sample of instants', () => {
    const stream = randomStream(3, 'sampled pairs');
    const instants = Array.from({ length: 60 }, () => ({
      labels: Array.from({ length: 1 + stream.integer(3) }, () => stream.integer(2)),
    }));
    const noise = Float64Array.from({ length: 60 * 180 }, () => stream.uniform());
    const score: Score = (row, instant) => noise[instant * 180 + row]!;
    const all = pairAuc(instants, score, 1000);
    const samples = Array.from({ length: 400 }, (_, seed) => pairAuc(instants, score, 8, seed));
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    const spread = Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length);
    expect(spread).toBeGreaterThan(0);
    expect(Math.abs(mean - all)).toBeLessThan((4 * spread) / Math.sqrt(samples.length));
  });
});

describe('a member whose clicks are one rate and one taste', () => {
  /** 400 entities of 20 rows, each at an instant of its own; the oracle knows each row's true probability. */
  const stream = randomStream(5, 'rates');
  const entities = Array.from({ length: 400 }, () => {
    const rate = 0.2 + 0.6 * stream.uniform();
    const truth = Array.from({ length: 20 }, () =>
      Math.min(0.98, Math.max(0.02, rate + 0.2 * stream.normal())),
    );
    const labels: readonly number[] = truth.map((chance) => (stream.uniform() < chance ? 1 : 0));
    return { truth, labels };
  });
  type Entity = (typeof entities)[number];
  const earlierRate = ({ labels }: Entity, instant: number): number =>
    (1 + labels.slice(0, instant).reduce((sum, label) => sum + label, 0)) / (2 + instant);

  /** Mean over entities of the naive AUC of own scores, and of the pairs. */
  function measured(score: (of: Entity, row: number, instant: number) => number): {
    naive: number;
    pairs: number;
  } {
    const both = entities.filter(({ labels }) => labels.includes(0) && labels.includes(1));
    const mean = (value: (of: Entity) => number): number =>
      both.reduce((sum, of) => sum + value(of), 0) / both.length;
    return {
      naive: mean((of) => {
        const own = Float64Array.from(of.labels, (_, row) => score(of, row, row));
        return groupAucs(groupRanking(rankRows(Uint8Array.from(of.labels), own), 1))[0]!;
      }),
      pairs: mean((of) =>
        pairAuc(
          of.labels.map((label) => ({ labels: [label] })),
          (row, instant) => score(of, row, instant),
        ),
      ),
    };
  }

  it('is misjudged by scores of several instants, and not by pairs', () => {
    // Knows the rate of the past, and nothing of the item: within an entity it is no better and no worse than chance.
    const rate = measured((of, _, instant) => earlierRate(of, instant));
    expect(rate.naive).toBeLessThan(0.45);
    expect(rate.pairs).toBe(0.5);
    // Knows the row's taste and the rate of the past: within an entity as good as the taste alone.
    const taste = measured((of, row) => of.truth[row]!);
    const both = measured((of, row, instant) => of.truth[row]! + 3 * earlierRate(of, instant));
    expect(taste.naive).toBeCloseTo(taste.pairs, 12);
    expect(both.naive).toBeLessThan(taste.naive - 0.05);
    expect(both.pairs).toBeCloseTo(taste.pairs, 12);
    // Nobody orders pairs better than the truth does.
    const noisy = measured(
      (of, row) => of.truth[row]! + 0.2 * randomStream(row, of.labels.join('')).normal(),
    );
    expect(taste.pairs).toBeGreaterThan(noisy.pairs + 0.01);
    expect(taste.pairs).toBeGreaterThan(0.6);
  });
});

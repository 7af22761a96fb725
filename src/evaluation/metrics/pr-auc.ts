// Area under the precision-recall curve as average precision: how pure the top of the ranking is, over all depths.
import { exactAuc } from '../config/evaluation-config.js';
import type { RankedRows } from '../rows/ranked-rows.js';
import { type ResampledBlocks, sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { LANES, packedRanking, type ReplicateRule, sumsRule } from '../uncertainty/replicate-rules.js';
import { AXES, type Metric } from './metric.js';
import type { MetricRows } from './metric-rows.js';
import { undefinedBecause, valued } from './value.js';

export const prAucMetric: Metric = {
  name: 'prAuc',
  title: 'PR-AUC',
  better: 'higher',
  axis: AXES.ranking,
  where: 'overview',
  costly: true, // every row is counted again
  definition: () =>
    'Average precision: the precision at each score, weighted by the share of rows with label 1 that have just this score; ' +
    'rows that tie enter together. A constant score reaches the label rate.',
  measure: (rows) => {
    if (rows.rows === 0) return undefinedBecause('no rows');
    if (rows.positives === 0) return undefinedBecause('every label is 0');
    const value = averagePrecision(rows.ranked, rows.positives);
    return { ...valued(value), rule: (draws) => precisionRule(rows, value, draws) };
  },
};

/** Σ over ties of (positives of the tie / positives) × (positives in it and above / rows in it and above). */
function averagePrecision(ranked: RankedRows, positives: number): number {
  let sum = 0;
  sweepTies(ranked, positives, (_from, _to, tied, seen, hits) => {
    sum += tied * (hits / seen);
  });
  return sum / positives;
}

/** Hands over each tie from the lowest score up: its places, its positives, and the rows and positives in it and above. */
function sweepTies(
  { scores, member }: RankedRows,
  positives: number,
  visit: (from: number, to: number, tied: number, seen: number, hits: number) => void,
): void {
  let hits = positives;
  for (let from = 0; from < member.length; ) {
    let to = from;
    let tied = 0;
    for (; to < member.length && scores[to] === scores[from]; to++) tied += member[to]! & 1;
    visit(from, to, tied, member.length - from, hits);
    hits -= tied;
    from = to;
  }
}

/** In a replicate every row is counted again, or, with as many rows as the AUC does so, the influence of each entity added up. */
function precisionRule(rows: MetricRows, value: number, draws: ResampledBlocks): ReplicateRule {
  if (!exactAuc(rows.config, rows.rows)) {
    const moved = sumByBlock(influence(rows, value), draws);
    return sumsRule([moved], ([sum]) => value + sum!);
  }
  const packed = packedRanking(rows.ranked, draws.blockOf);
  return {
    kind: 'weights',
    evaluate: (weights, out, at) => {
      for (let lane = 0; lane < LANES; lane++) out[at + lane] = weightedPrecision(packed, weights, lane);
    },
  };
}

/** Average precision when blocks count several times; NaN where no row has label 1. */
function weightedPrecision(packed: Int32Array, weights: Float64Array, lane: number): number {
  let seen = 0;
  let hits = 0;
  let sum = 0;
  let tied = 0; // positives of the tie that is being read, from its last row to its first
  for (let place = packed.length - 1; place >= 0; place--) {
    const row = packed[place]!;
    const weight = weights[(row & ~3) + lane]!;
    seen += weight;
    if ((row & 2) === 2) tied += weight;
    if (place > 0 && (packed[place - 1]! & 1) === 0) continue; // the row before is of the same tie
    hits += tied;
    if (tied > 0) sum += tied * (hits / seen);
    tied = 0;
  }
  return sum / hits;
}

/** How each entity moves the average precision: its derivative by the entity's weight. Sums to 0 over entities. [units] */
function influence({ ranked, entities, positives }: MetricRows, value: number): Float64Array {
  const moved = new Float64Array(entities.units);
  // A row moves the precision of its own tie and of every one below.
  let ofPositives = 0; // Σ over ties from here down: positives of the tie × false positives / seen²
  let ofNegatives = 0; // the same of true positives, with a minus
  sweepTies(ranked, positives, (from, to, tied, seen, hits) => {
    ofPositives += (tied * (seen - hits)) / (seen * seen);
    ofNegatives -= (tied * hits) / (seen * seen);
    const ofPositive = hits / seen + ofPositives - value;
    for (let place = from; place < to; place++) {
      const of = ranked.member[place]!;
      moved[of >> 1]! += ((of & 1) === 1 ? ofPositive : ofNegatives) / positives;
    }
  });
  return moved;
}

// Area under the ROC curve, exact, a tie counting half: the Mann–Whitney probability that a positive outranks a negative.

import { exactAuc } from '../config/evaluation-config.js';
import { once } from '../rows/once.js';
import { type GroupedRanking, type RankedRows, rankedPositives, rankRows } from '../rows/ranked-rows.js';
import { type AucTest, clusteredDelongTest, delongTest } from '../uncertainty/delong.js';
import { type ResampledBlocks, sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { aucInfluence, placements } from '../uncertainty/placements.js';
import { type ReplicateRule, rankingRule, sumsRule } from '../uncertainty/replicate-rules.js';
import { AXES, type FormulaTest, type Metric, type PairedRows } from './metric.js';
import type { MetricRows } from './metric-rows.js';
import { missingClass, undefinedBecause, type Value, valued } from './value.js';

export const aucMetric: Metric = {
  name: 'auc',
  title: 'AUC',
  better: 'higher',
  axis: AXES.ranking,
  where: 'headline',
  definition: () =>
    'Probability that a row with label 1 scores above a row with label 0, over all such pairs of rows; a tie counts half.',
  measure: (rows) => {
    const found = aucOfRanked(rows.ranked);
    if (found.value === null) return found;
    return { ...found, rule: (draws) => aucRule(rows, found.value, draws) };
  },
  tests: delongTests,
};

/** In a replicate every row is counted again, or the influence of each entity added up: see `bootstrap.auc`. */
function aucRule(
  { ranked, entities, config, rows }: MetricRows,
  auc: number,
  draws: ResampledBlocks,
): ReplicateRule {
  if (exactAuc(config, rows)) return rankingRule(ranked, draws.blockOf);
  const moved = sumByBlock(aucInfluence(ranked, entities.units)!, draws);
  return sumsRule([moved], ([sum]) => auc + sum!);
}

/** DeLong's test, which takes rows for independent, and its form with entities as clusters. */
function delongTests(
  model: PairedRows,
  baseline: PairedRows,
  level: number,
): Readonly<Record<string, FormulaTest>> {
  const [a, b] = [once(model, placed), once(baseline, placed)];
  if (a === undefined || b === undefined) return {};
  const delong = delongTest(model.label, a, b, level);
  const [ofModel, ofBaseline] = [once(model, influence)!, once(baseline, influence)!];
  const clusteredDelong = clusteredDelongTest(a.auc, b.auc, ofModel, ofBaseline, level);
  return {
    ...(delong === undefined ? {} : { delong: shown(delong) }),
    ...(clusteredDelong === undefined ? {} : { clusteredDelong: shown(clusteredDelong) }),
  };
}

const placed = ({ ranked }: PairedRows) => placements(ranked);
const influence = ({ ranked, units }: PairedRows) => aucInfluence(ranked, units);
const shown = ({ low, high, standardError, pValue }: AucTest): FormulaTest => ({
  low,
  high,
  standardError,
  pValue,
});

/**
 * AUC of scores, equal to scikit-learn's `roc_auc_score`; without a value where a class is missing.
 * @param label [rows] 0 or 1
 * @param scores [rows], no NaN
 */
export function auc(label: Uint8Array, scores: Float64Array): Value {
  return aucOfRanked(rankRows(label, scores));
}

/** `auc` of rows already ranked. Wins are counted in whole numbers, exact up to about 10⁸ rows. */
export function aucOfRanked(ranked: RankedRows): Value {
  const { scores, member } = ranked;
  const rows = member.length;
  const positives = rankedPositives(ranked);
  const missing = missingClass(rows, positives);
  if (missing !== undefined) return undefinedBecause(missing);
  let halfWins = 0;
  let below = 0; // negatives passed
  for (let place = 0; place < rows; ) {
    const score = scores[place];
    let tiedPositives = 0;
    let tied = 0;
    for (; place < rows && scores[place] === score; place++, tied++) tiedPositives += member[place]! & 1;
    halfWins += tiedPositives * (2 * below + tied - tiedPositives);
    below += tied - tiedPositives;
  }
  return valued(halfWins / 2 / (positives * (rows - positives)));
}

/** AUC of each entity's rows, NaN where a class is missing. [units] */
export function groupAucs({ offsets, coded }: GroupedRanking): Float64Array {
  const units = offsets.length - 1;
  const aucs = new Float64Array(units).fill(Number.NaN);
  for (let unit = 0; unit < units; unit++) {
    const to = offsets[unit + 1]!;
    let halfWins = 0;
    let below = 0;
    let positives = 0;
    for (let place = offsets[unit]!; place < to; ) {
      const tie = coded[place]! >>> 1;
      let tiedPositives = 0;
      let tied = 0;
      for (; place < to && coded[place]! >>> 1 === tie; place++, tied++) tiedPositives += coded[place]! & 1;
      halfWins += tiedPositives * (2 * below + tied - tiedPositives);
      below += tied - tiedPositives;
      positives += tiedPositives;
    }
    if (positives > 0 && below > 0) aucs[unit] = halfWins / 2 / (positives * below);
  }
  return aucs;
}

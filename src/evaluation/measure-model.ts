// Every metric of one model on one row set: its value, and the rule that computes it again in a bootstrap replicate.
import { type EvaluationConfig, exactAuc } from './config/evaluation-config.js';
import { calibrationErrorRule, measureLine } from './measure-calibration.js';
import { measureRanking, type RankingCounts } from './measure-ranking.js';
import { aucOfRanked, groupAucs } from './metrics/auc.js';
import { calibrationBins } from './metrics/calibration-bins.js';
import { binSums, calibrationError, calibrationErrorByChance } from './metrics/calibration-error.js';
import { type GroupAuc, groupAuc, groupAucWeights } from './metrics/group-auc.js';
import { labelEntropy, normalizedEntropy, rowLoss } from './metrics/log-loss.js';
import type { MetricName } from './metrics/metric-catalogue.js';
import { type Measured, measured } from './metrics/value.js';
import { exactSum } from './rows/exact-sum.js';
import { type GroupedRanking, groupRanking, type RankedRows } from './rows/ranked-rows.js';
import type { RankedModel, RowSet } from './rows/row-set.js';
import { type ResampledBlocks, sumByBlock } from './uncertainty/entity-bootstrap.js';
import { aucInfluence } from './uncertainty/placements.js';
import { type ReplicateRule, rankingRule, ratioRule, sumsRule } from './uncertainty/replicate-rules.js';

export interface MeasuredMetric {
  readonly measured: Measured;
  /** Absent where the metric has no value to resample. */
  readonly rule?: ReplicateRule;
}

export interface ModelMeasures {
  readonly model: string;
  readonly metrics: ReadonlyMap<MetricName, MeasuredMetric>;
  /** [units] how each entity moves the AUC; absent where the AUC has no value. */
  readonly aucInfluence?: Float64Array;
  readonly groupAuc: GroupAuc;
  readonly calibrationErrorByChance: Measured;
  readonly meanScore: number;
  readonly ranking: readonly RankingCounts[];
}

/** What all models of a row set share. */
export interface UnitCounts {
  /** [units] */
  readonly rows: Float64Array;
  readonly positives: Float64Array;
  /** [blocks] the same by resampled block. */
  readonly blockRows: Float64Array;
  readonly blockPositives: Float64Array;
  /** [units] what a unit counts in the group AUC, and [blocks] the same by resampled block. */
  readonly groupWeights: Float64Array;
  readonly blockGroupWeights: Float64Array;
}

export function unitCounts(set: RowSet, blocks: ResampledBlocks, config: EvaluationConfig): UnitCounts {
  const rows = new Float64Array(set.units);
  const positives = new Float64Array(set.units);
  const { member } = set.models[0]!.ranked;
  for (let place = 0; place < member.length; place++) {
    const of = member[place]!;
    rows[of >> 1]!++;
    positives[of >> 1]! += of & 1;
  }
  const groupWeights = groupAucWeights(rows, positives, config.groupAuc);
  return {
    rows,
    positives,
    blockRows: sumByBlock(rows, blocks),
    blockPositives: sumByBlock(positives, blocks),
    groupWeights,
    blockGroupWeights: sumByBlock(groupWeights, blocks),
  };
}

/** Measures a model. `parts` says whether the metrics kept for all rows only are wanted too. */
export function measureModel(
  set: RowSet,
  model: RankedModel,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  config: EvaluationConfig,
  parts: 'all' | 'segment',
): ModelMeasures {
  const metrics = new Map<MetricName, MeasuredMetric>();
  const grouped = groupRanking(model.ranked, set.units);
  const ofAuc = measureAuc(model.ranked, set.units, blocks, exactAuc(config, set.rows));
  metrics.set('auc', ofAuc);
  const ofGroups = measureGroupAuc(grouped, counts, blocks, config, metrics);
  measureLoss(model.ranked, counts, blocks, metrics);
  const bins = calibrationBins(model.ranked.scores, config.calibration.bins, config.calibration.kind);
  const sums = binSums(model.ranked, bins);
  metrics.set('calibrationError', {
    measured: calibrationError(sums),
    // The rule has a column a bin, too much to resample in every segment.
    ...(parts === 'all' ? { rule: calibrationErrorRule(model.ranked, bins, counts, blocks) } : {}),
  });
  if (parts === 'all') measureLine(model.ranked, blocks, metrics);
  const ranking =
    parts === 'all' ? config.k.map((k) => measureRanking(grouped, k, counts, blocks, metrics)) : [];
  return {
    model: model.name,
    metrics,
    ...(ofAuc.influence === undefined ? {} : { aucInfluence: ofAuc.influence }),
    groupAuc: ofGroups,
    calibrationErrorByChance: calibrationErrorByChance(sums),
    meanScore: sums.scores.reduce((sum, value) => sum + value, 0) / set.rows,
    ranking,
  };
}

function measureAuc(
  ranked: RankedRows,
  units: number,
  blocks: ResampledBlocks,
  exact: boolean,
): MeasuredMetric & { influence?: Float64Array } {
  const measured = aucOfRanked(ranked);
  const influence = aucInfluence(ranked, units);
  if (measured.value === null || influence === undefined) return { measured };
  if (exact) return { measured, influence, rule: rankingRule(ranked, blocks.blockOf) };
  const moved = sumByBlock(influence, blocks);
  return { measured, influence, rule: sumsRule([moved], ([sum]) => measured.value + sum!) };
}

function measureGroupAuc(
  grouped: GroupedRanking,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  config: EvaluationConfig,
  metrics: Map<MetricName, MeasuredMetric>,
): GroupAuc {
  const aucs = groupAucs(grouped);
  const weights = counts.groupWeights;
  const overall = groupAuc(aucs, counts.rows, weights, config.groupAuc);
  const weighted = aucs.map((value, unit) => (weights[unit]! > 0 ? weights[unit]! * value : 0));
  metrics.set('groupAuc', {
    measured: overall.result,
    rule: ratioRule(sumByBlock(weighted, blocks), counts.blockGroupWeights),
  });
  return overall;
}

function measureLoss(
  { scores, member }: RankedRows,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  metrics: Map<MetricName, MeasuredMetric>,
): void {
  const losses = new Float64Array(blocks.blocks);
  let positives = 0;
  const total = exactSum(member.length, (place) => {
    const of = member[place]!;
    const loss = rowLoss(of & 1, scores[place]!);
    losses[blocks.blockOf[of >> 1]!]! += loss;
    positives += of & 1;
    return loss;
  });
  const mean = total / member.length;
  metrics.set('logLoss', { measured: measured(mean), rule: ratioRule(losses, counts.blockRows) });
  metrics.set('normalizedEntropy', {
    measured: normalizedEntropy(mean, member.length, positives),
    rule: sumsRule([losses, counts.blockRows, counts.blockPositives], ([loss, rows, ones]) => {
      const entropy = labelEntropy(ones! / rows!);
      return entropy > 0 ? loss! / rows! / entropy : Number.NaN;
    }),
  });
}

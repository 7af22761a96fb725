// Every metric of one model on one row set: its value, and the rule that computes it again in a bootstrap replicate.
import { type EvaluationConfig, exactAuc } from './evaluation-config.js';
import { calibrationErrorRule, measureLine } from './measure-calibration.js';
import { measureRanking, type RankingCounts } from './measure-ranking.js';
import { aucOfRanked, groupAucs } from './metrics/auc.js';
import { calibrationBins } from './metrics/calibration-bins.js';
import { binSums, calibrationError, calibrationErrorByChance } from './metrics/calibration-error.js';
import { type GroupAuc, groupAuc, groupAucWeights } from './metrics/group-auc.js';
import { labelEntropy, logLoss, normalizedEntropy, rowLoss } from './metrics/log-loss.js';
import type { Measured } from './metrics/measured.js';
import type { MetricName } from './metrics/metric-catalogue.js';
import { type GroupedRanking, groupRanking } from './metrics/ranked-rows.js';
import type { RowSet, ScoredModel } from './row-set.js';
import { type ResampledBlocks, sumByBlock } from './uncertainty/entity-bootstrap.js';
import { aucInfluence, placements } from './uncertainty/placements.js';
import { type ReplicateRule, rankingRule, ratioRule, sumsRule } from './uncertainty/replicate-rules.js';

export interface MeasuredMetric {
  readonly measured: Measured;
  /** Absent where the metric has no value to resample. */
  readonly rule?: ReplicateRule;
}

export interface ModelMeasures {
  readonly model: string;
  readonly metrics: ReadonlyMap<MetricName, MeasuredMetric>;
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
}

export function unitCounts(set: RowSet, blocks: ResampledBlocks): UnitCounts {
  const rows = new Float64Array(set.units);
  const positives = new Float64Array(set.units);
  for (let row = 0; row < set.rows; row++) {
    rows[set.unit[row]!]!++;
    positives[set.unit[row]!]! += set.label[row]!;
  }
  return {
    rows,
    positives,
    blockRows: sumByBlock(rows, blocks),
    blockPositives: sumByBlock(positives, blocks),
  };
}

/** Measures a model. `parts` says whether the metrics kept for all rows only are wanted too. */
export function measureModel(
  set: RowSet,
  model: ScoredModel,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  config: EvaluationConfig,
  parts: 'all' | 'segment',
): ModelMeasures {
  const metrics = new Map<MetricName, MeasuredMetric>();
  const grouped = groupRanking(model.ranked, set.unit, set.units);
  metrics.set('auc', measureAuc(set, model, blocks, exactAuc(config, set.rows)));
  const ofGroups = measureGroupAuc(set, grouped, counts, blocks, config, metrics);
  measureLoss(set, model, counts, blocks, metrics);
  const bins = calibrationBins(model.scores, model.ranked, config.calibration.bins, config.calibration.kind);
  const sums = binSums(set.label, model.scores, model.ranked, bins);
  metrics.set('calibrationError', {
    measured: calibrationError(sums),
    rule: calibrationErrorRule(set, model, bins, counts, blocks),
  });
  if (parts === 'all') measureLine(set, model, blocks, metrics);
  const ranking =
    parts === 'all' ? config.k.map((k) => measureRanking(set, grouped, k, counts, blocks, metrics)) : [];
  return {
    model: model.name,
    metrics,
    groupAuc: ofGroups,
    calibrationErrorByChance: calibrationErrorByChance(sums),
    meanScore: sums.scores.reduce((sum, value) => sum + value, 0) / set.rows,
    ranking,
  };
}

function measureAuc(
  set: RowSet,
  model: ScoredModel,
  blocks: ResampledBlocks,
  exact: boolean,
): MeasuredMetric {
  const measured = aucOfRanked(set.label, model.ranked);
  if (measured.value === null) return { measured };
  if (exact) {
    const block = set.unit.map((unit) => blocks.blockOf[unit]!);
    return { measured, rule: rankingRule(set.label, model.ranked, block) };
  }
  const placed = placements(set.label, model.ranked)!;
  const influence = sumByBlock(aucInfluence(set.label, placed, set.unit, set.units), blocks);
  return { measured, rule: sumsRule([influence], ([moved]) => measured.value + moved!) };
}

function measureGroupAuc(
  set: RowSet,
  grouped: GroupedRanking,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  config: EvaluationConfig,
  metrics: Map<MetricName, MeasuredMetric>,
): GroupAuc {
  const aucs = groupAucs(set.label, grouped);
  const overall = groupAuc(aucs, counts.rows, counts.positives, config.groupAuc);
  const weights = groupAucWeights(aucs, counts.rows, counts.positives, config.groupAuc);
  const weighted = aucs.map((value, unit) => (weights[unit]! > 0 ? weights[unit]! * value : 0));
  metrics.set('groupAuc', {
    measured: overall.result,
    rule: ratioRule(sumByBlock(weighted, blocks), sumByBlock(weights, blocks)),
  });
  return overall;
}

function measureLoss(
  set: RowSet,
  model: ScoredModel,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  metrics: Map<MetricName, MeasuredMetric>,
): void {
  const losses = new Float64Array(set.units);
  for (let row = 0; row < set.rows; row++)
    losses[set.unit[row]!]! += rowLoss(set.label[row]!, model.scores[row]!);
  const blockLosses = sumByBlock(losses, blocks);
  metrics.set('logLoss', {
    measured: logLoss(set.label, model.scores),
    rule: ratioRule(blockLosses, counts.blockRows),
  });
  metrics.set('normalizedEntropy', {
    measured: normalizedEntropy(set.label, model.scores),
    rule: sumsRule([blockLosses, counts.blockRows, counts.blockPositives], ([loss, rows, positives]) => {
      const entropy = labelEntropy(positives! / rows!);
      return entropy > 0 ? loss! / rows! / entropy : Number.NaN;
    }),
  });
}

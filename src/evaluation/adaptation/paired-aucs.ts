// AUCs of several scorings of the same rows with entity-bootstrap intervals, and their differences on the same draws.
import type { RandomStream } from '../../random.js';
import { type EvaluationConfig, exactAuc } from '../config/evaluation-config.js';
import { aucOfRanked } from '../metrics/auc.js';
import { rankRows } from '../rows/ranked-rows.js';
import { bootstrapInterval } from '../uncertainty/bootstrap-interval.js';
import { bootstrapReplicates, resampledBlocks, sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { aucInfluence } from '../uncertainty/placements.js';
import { type ReplicateRule, rankingRule, sumsRule } from '../uncertainty/replicate-rules.js';
import type { PairedDelta } from './adaptation-result.js';

export interface PairedAucs {
  readonly units: number;
  readonly auc: 'exact' | 'linear';
  /** AUC and interval of the scoring at a place. */
  at(place: number): {
    readonly auc: number | null;
    readonly low: number | null;
    readonly high: number | null;
  };
  /** AUC at one place less that at another. */
  delta(place: number, reference: number): PairedDelta;
}

const NO_DELTA: PairedDelta = { delta: null, low: null, high: null };

/**
 * Measures every scoring. All are null where a class is missing.
 * @param label [rows] 0 or 1
 * @param unit [rows] entities, 0 .. units − 1
 * @param scorings each [rows], no NaN
 */
export function pairedAucs(
  { label, unit, units }: { label: Uint8Array; unit: Int32Array; units: number },
  scorings: readonly Float64Array[],
  config: EvaluationConfig,
  stream: RandomStream,
): PairedAucs {
  const { level, bootstrap } = config;
  const blocks = resampledBlocks(units, bootstrap.maxBlocks, stream);
  const exact = exactAuc(config, label.length * scorings.length);
  const aucs: (number | null)[] = [];
  const rules: ReplicateRule[] = [];
  for (const scores of scorings) {
    const ranked = rankRows(label, scores, unit);
    const { value } = aucOfRanked(ranked);
    aucs.push(value);
    const influence = aucInfluence(ranked, units);
    if (value === null || influence === undefined) continue;
    rules.push(
      exact
        ? rankingRule(ranked, blocks.blockOf)
        : sumsRule([sumByBlock(influence, blocks)], ([moved]) => value + moved!),
    );
  }
  // The labels are the same for every scoring, so either all have an AUC or none has.
  const replicates = bootstrapReplicates(rules, blocks.blocks, bootstrap.replicates, stream);
  return {
    units: blocks.blocks,
    auc: exact ? 'exact' : 'linear',
    at(place) {
      const auc = aucs[place]!;
      const values = replicates[place];
      if (auc === null || values === undefined) return { auc, low: null, high: null };
      const { low, high } = bootstrapInterval(auc, values, blocks.blocks, level, 'percentile');
      return { auc, low, high };
    },
    delta(place, reference) {
      const [a, b] = [replicates[place], replicates[reference]];
      const [aucA, aucB] = [aucs[place]!, aucs[reference]!];
      if (a === undefined || b === undefined || aucA === null || aucB === null) return NO_DELTA;
      const differences = a.map((value, i) => value - b[i]!);
      const { low, high } = bootstrapInterval(aucA - aucB, differences, blocks.blocks, level, 'percentile');
      return { delta: aucA - aucB, low, high };
    },
  };
}

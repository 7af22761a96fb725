// Precision, recall and nDCG at k of one model: means over entities, and the rules to resample them.
import type { MeasuredMetric, UnitCounts } from './measure-model.js';
import { rankingAtK } from './metrics/entity-ranking.js';
import type { MetricName } from './metrics/metric-catalogue.js';
import { measured, undefinedBecause } from './metrics/value.js';
import type { GroupedRanking } from './rows/ranked-rows.js';
import { type ResampledBlocks, sumByBlock } from './uncertainty/entity-bootstrap.js';
import { ratioRule } from './uncertainty/replicate-rules.js';

/** How many entities stand behind the ranking metrics of one k, and why the others do not. */
export interface RankingCounts {
  readonly k: number;
  /** Entities that count in nDCG (both labels). */
  readonly entities: number;
  /** Of those, entities with more than k rows: they count in precision and recall. */
  readonly entitiesPastK: number;
  /** Entities left out because all their labels are equal. */
  readonly excludedEntities: number;
}

/** Adds the three metrics of one k. */
export function measureRanking(
  grouped: GroupedRanking,
  k: number,
  counts: UnitCounts,
  blocks: ResampledBlocks,
  metrics: Map<MetricName, MeasuredMetric>,
): RankingCounts {
  const { precision, recall, ndcg } = rankingAtK(grouped, k);
  const pastK = setMean(`precision@${k}`, precision, blocks, metrics);
  setMean(`recall@${k}`, recall, blocks, metrics);
  const entities = setMean(`ndcg@${k}`, ndcg, blocks, metrics);
  return { k, entities, entitiesPastK: pastK, excludedEntities: counts.rows.length - entities };
}

/** Mean over the units that have a value; returns how many have. */
function setMean(
  name: MetricName,
  values: Float64Array,
  blocks: ResampledBlocks,
  metrics: Map<MetricName, MeasuredMetric>,
): number {
  const counted = values.map((value) => (Number.isNaN(value) ? 0 : 1));
  const filled = values.map((value) => (Number.isNaN(value) ? 0 : value));
  const units = counted.reduce((sum, one) => sum + one, 0);
  const mean = filled.reduce((sum, value) => sum + value, 0) / units;
  metrics.set(
    name,
    units === 0
      ? { measured: undefinedBecause('no entity whose order could matter') }
      : {
          measured: measured(mean),
          rule: ratioRule(sumByBlock(filled, blocks), sumByBlock(counted, blocks)),
        },
  );
  return units;
}

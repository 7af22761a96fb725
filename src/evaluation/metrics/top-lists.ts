// Precision, recall and nDCG of the first k places of each entity's list: means over entities, one metric for each k.
import type { EvaluationConfig } from '../config/evaluation-config.js';
import { once } from '../rows/once.js';
import { sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { ratioRule } from '../uncertainty/replicate-rules.js';
import { type EntityRanking, rankingAtK } from './entity-ranking.js';
import { AXES, type Measurement, type Metric } from './metric.js';
import { groupedRows, type MetricRows } from './metric-rows.js';
import { undefinedBecause, valued } from './value.js';

const RANKED =
  "the entity's own evaluated rows are ranked by score (not the whole catalogue); tied scores count as the mean over " +
  'all their orders; mean over entities, each counting the same';

export const precisionMetrics = (config: EvaluationConfig): readonly Metric[] =>
  topMetrics(
    config,
    'precision',
    'precision',
    (k) =>
      `Share of label 1 among the ${k} highest scores of an entity; ${RANKED}. Only entities with more than ${k} rows and both labels.`,
  );

export const recallMetrics = (config: EvaluationConfig): readonly Metric[] =>
  topMetrics(
    config,
    'recall',
    'recall',
    (k) =>
      `Share of an entity's rows with label 1 that are among its ${k} highest scores; ${RANKED}. Only entities with more than ${k} rows and both labels.`,
  );

export const ndcgMetrics = (config: EvaluationConfig): readonly Metric[] =>
  topMetrics(
    config,
    'ndcg',
    'nDCG',
    (k) =>
      `Discounted gain (1 / log2(1 + rank)) of the ${k} highest scores of an entity relative to the best order; ${RANKED}. Only entities with both labels.`,
  );

type TopList = 'precision' | 'recall' | 'ndcg';

const topMetrics = (
  { k: sizes }: EvaluationConfig,
  list: TopList,
  title: string,
  definition: (k: number) => string,
): readonly Metric[] =>
  sizes.map((k) => ({
    name: `${list}@${k}`,
    title: `${title}@${k}`,
    better: 'higher',
    axis: AXES.ranking,
    where: 'report',
    top: { list: title, k },
    definition: () => definition(k),
    measure: (rows) =>
      rows.moving === undefined
        ? meanOverEntities(rankingOf(rows, k)[list])
        : undefinedBecause('the rows of an entity are scored at several instants, which makes no list'),
  }));

/** All three lists of one k are read off the ranking together. */
function rankingOf(rows: MetricRows, k: number): EntityRanking {
  const rankings = once(rows, emptyRankings);
  const ranking = rankings.get(k) ?? rankingAtK(groupedRows(rows), k);
  rankings.set(k, ranking);
  return ranking;
}

const emptyRankings = (_: MetricRows): Map<number, EntityRanking> => new Map();

/** Mean over the units that have a value. @param values [units], NaN where there is none */
function meanOverEntities(values: Float64Array): Measurement {
  const counted = values.map((value) => (Number.isNaN(value) ? 0 : 1));
  const filled = values.map((value) => (Number.isNaN(value) ? 0 : value));
  const entities = counted.reduce((sum, one) => sum + one, 0);
  const detail = { entities, excludedEntities: values.length - entities };
  const note = `${entities.toLocaleString('en-US')} of ${values.length.toLocaleString('en-US')} entities`;
  if (entities === 0) return { ...undefinedBecause('no entity whose order could matter'), detail, note };
  return {
    ...valued(filled.reduce((sum, value) => sum + value, 0) / entities),
    detail,
    note,
    rule: (draws) => ratioRule(sumByBlock(filled, draws), sumByBlock(counted, draws)),
  };
}

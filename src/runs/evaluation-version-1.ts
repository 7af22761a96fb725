// The first layout of `eval.json`, where every metric was a field of its own: read as score cards.
import type { Interval, Score, ScoreCard } from '../evaluation/comparison/score-card.js';
import { evaluationConfig } from '../evaluation/config/evaluation-config.js';
import { type DefinedMetric, defined, metricsOf } from '../evaluation/metrics/metric.js';
import { METRICS } from '../evaluation/metrics/registry.js';

interface Notes {
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly undefinedMetrics: Readonly<Record<string, string>>;
}

interface TopList {
  readonly k: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly ndcg: number | null;
  readonly entities: number;
  readonly entitiesPastK: number;
  readonly excludedEntities: number;
}

type Fields = Notes & Readonly<Record<string, unknown>>;

export interface Version1 {
  readonly definitions: Readonly<Record<string, string>>;
  readonly models: readonly (Fields & {
    readonly calibrationErrorByChance: number | null;
    readonly groupAucDetail: Readonly<Record<string, number | string>>;
    readonly ranking: readonly TopList[];
    readonly segments: readonly Fields[];
  })[];
  readonly comparisons: readonly (Readonly<Record<string, unknown>> & { readonly metric: string })[];
}

/** Metrics that were fields, of a model and of a segment. */
const OF_SEGMENTS = ['auc', 'groupAuc', 'logLoss', 'normalizedEntropy', 'calibrationError'];
const OF_MODELS = [...OF_SEGMENTS, 'calibrationSlope', 'calibrationIntercept'];
/** What the slope was compared by had a name of its own. */
const DISTANCE = 'calibrationSlopeDistance';

/** The same numbers in the present layout; definitions are those they were measured by. */
export function fromVersion1({ definitions, models, comparisons, ...rest }: Version1): object {
  const ks = models[0]?.ranking.map(({ k }) => k) ?? [];
  return {
    ...rest,
    metrics: factsOf(definitions, ks),
    models: models.map(({ intervals, undefinedMetrics, segments, ...model }) => ({
      model: model['model'],
      run: model['run'],
      meanScore: model['meanScore'],
      metrics: cardOfModel({ intervals, undefinedMetrics, segments, ...model }),
      segments: segments.map((segment) => segmentOf(segment)),
    })),
    comparisons: comparisons.map(({ metric, delong, clusteredDelong, ...comparison }) => ({
      ...comparison,
      metric: metric === DISTANCE ? 'calibrationSlope' : metric,
      ...(delong === undefined ? {} : { tests: { delong, clusteredDelong } }),
    })),
  };
}

/** What is said of the metrics that occur; their titles are the registry's. */
function factsOf(definitions: Version1['definitions'], k: readonly number[]): readonly DefinedMetric[] {
  const config = evaluationConfig.parse({ k });
  return metricsOf(METRICS, config).flatMap((metric) => {
    const definition = definitions[metric.name];
    return definition === undefined ? [] : [{ ...defined(metric, config), definition }];
  });
}

function cardOfModel(model: Version1['models'][number]): ScoreCard {
  const { calibrationErrorByChance: byChance, groupAucDetail, ranking } = model;
  const { definition: _, ...counts } = groupAucDetail;
  const details: Readonly<Record<string, Score['detail']>> = {
    calibrationError: { byChance },
    groupAuc: counts,
  };
  const lists = ranking.flatMap(({ k, entities, entitiesPastK, precision, recall, ndcg }) => [
    [`precision@${k}`, precision, entitiesPastK] as const,
    [`recall@${k}`, recall, entitiesPastK] as const,
    [`ndcg@${k}`, ndcg, entities] as const,
  ]);
  return Object.fromEntries([
    ...OF_MODELS.map((name) => [name, scoreOf(model, name, model[name] as number | null, details[name])]),
    ...lists.map(([name, value, entities]) => [name, scoreOf(model, name, value, { entities })]),
  ]);
}

function segmentOf({ intervals, undefinedMetrics, ...segment }: Fields): object {
  const kept = Object.fromEntries(Object.entries(segment).filter(([key]) => !OF_SEGMENTS.includes(key)));
  const notes = { intervals, undefinedMetrics };
  const scores = OF_SEGMENTS.map((name) => [name, scoreOf(notes, name, segment[name] as number | null)]);
  return { ...kept, metrics: segment['tooSmall'] === undefined ? Object.fromEntries(scores) : {} };
}

function scoreOf(
  { intervals, undefinedMetrics }: Notes,
  name: string,
  value: number | null,
  detail?: Score['detail'],
): Score {
  const reason = undefinedMetrics[name];
  return {
    value,
    interval: intervals[name] ?? null,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
  };
}

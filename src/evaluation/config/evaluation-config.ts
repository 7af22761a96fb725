// The `evaluation` section of a recipe: what is measured, with how much resampling, in which segments.
import { z } from 'zod';
import { refreshes, replayConfig } from './replay-config.js';

/** How entities count in the group AUC. */
const GROUP_AUC_WEIGHTS = ['events', 'positives', 'equal'] as const;
export type GroupAucWeights = (typeof GROUP_AUC_WEIGHTS)[number];

/** Bins of predicted probability: equal in rows, or in width. */
const BIN_KINDS = ['equal-mass', 'equal-width'] as const;
export type BinKind = (typeof BIN_KINDS)[number];

const ascending = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > values[i - 1]!);

const edges = (values: z.ZodNumber, defaults: readonly number[]) =>
  z
    .array(values)
    .max(100)
    .refine(ascending, 'must rise from edge to edge')
    .default([...defaults]);

const segmentsConfig = z.strictObject({
  /** Upper edges of the buckets of history length: 0 | 1-5 | 6-20 | 21-50 | 51-200 | >200. */
  historyLength: edges(z.number().int().min(0), [0, 5, 20, 50, 200]),
  /** Upper edges of the buckets of item popularity: how many events of the item were learned from. */
  itemEvents: edges(z.number().int().min(0), [0, 10, 100, 1000]),
  /** Edges in hours of the buckets of time since the entity's last known event. */
  sinceLastHours: edges(z.number().positive(), [1, 24, 168, 720]),
  /** Edges in hours of the buckets of time since the row's vector was adapted. */
  vectorAgeHours: edges(z.number().positive(), [1, 24, 168]),
  /** Categorical features whose values are segments. */
  features: z.array(z.string().min(1)).default([]),
  /** Values of a feature shown each, by falling rows; the rest are one segment. */
  maxValues: z.number().int().min(1).max(200).default(20),
  /** A segment with less than any of these shows counts and says so, and no metric. */
  minRows: z.number().int().min(1).default(200),
  minPositives: z.number().int().min(1).default(20),
  minNegatives: z.number().int().min(1).default(20),
  minEntities: z.number().int().min(1).default(20),
});

/** Which curves show what adaptation buys, and on how much of the data. */
const adaptationConfig = z.strictObject({
  /** Support rows of the support-size curve; those past the model's own maximum are left out, the maximum is always there. */
  supportSizes: z
    .array(z.number().int().min(0))
    .max(20)
    .refine(ascending, 'must rise')
    .default([0, 1, 2, 5, 10, 20, 50]),
  /** Days that the support ends before an entity's first scored row, at least; 0 is always there. */
  staleDays: z.array(z.number().positive()).max(20).refine(ascending, 'must rise').default([1, 7, 30]),
  /** Refreshes of the vectors that the curve over refreshes shows, beside frozen ones. */
  refreshes: z.array(refreshes).max(20).default(['7d', '1d', '1h', 'event']),
  /** Past this many entities, or this many of their rows in all, the curves are those of a seeded sample of entities. */
  maxEntities: z.number().int().min(20).default(5000),
  maxRows: z.number().int().min(1000).default(400_000),
  /** Most entities on the map of meta embeddings. */
  mapEntities: z.number().int().min(10).max(20_000).default(2000),
});

export const evaluationConfig = z.strictObject({
  /** How entities count in the group AUC. */
  groupAuc: z.enum(GROUP_AUC_WEIGHTS).default('events'),
  /** Sizes of the top lists of precision, recall and nDCG. */
  k: z.array(z.number().int().min(1).max(1000)).max(10).refine(ascending, 'must rise').default([5, 10]),
  calibration: z
    .strictObject({
      bins: z.number().int().min(2).max(200).default(15),
      kind: z.enum(BIN_KINDS).default('equal-mass'),
    })
    .prefault({}),
  /** Confidence level of every interval. */
  level: z.number().gt(0.5).lt(1).default(0.95),
  bootstrap: z
    .strictObject({
      replicates: z.number().int().min(200).max(100_000).default(2000),
      /** Past this many entities, random blocks of entities are resampled instead, this many; in a segment a quarter. */
      maxBlocks: z.number().int().min(100).max(1_000_000).default(10_000),
      /**
       * AUC in a replicate: `exact` recounts every row; `linear` adds up the influence of each entity, much faster and
       * as good with many entities; `auto` is exact up to 10⁵ rows at 2000 replicates and linear beyond.
       */
      auc: z.enum(['auto', 'exact', 'linear']).default('auto'),
    })
    .prefault({}),
  segments: segmentsConfig.prefault({}),
  adaptation: adaptationConfig.prefault({}),
  /** What is known of an entity, and which model scores it, while the scored rows go by; frozen by default. */
  replay: replayConfig.prefault({}),
});

export type EvaluationConfig = z.output<typeof evaluationConfig>;
export type SegmentsConfig = EvaluationConfig['segments'];
export type AdaptationConfig = EvaluationConfig['adaptation'];

/** Rows × replicates up to which `auto` recounts every row. */
const EXACT_AUC_VISITS = 2e8;

/** Whether replicates of the AUC recount every row. */
export function exactAuc(config: EvaluationConfig, rows: number): boolean {
  const { auc, replicates } = config.bootstrap;
  return auc === 'exact' || (auc === 'auto' && rows * replicates <= EXACT_AUC_VISITS);
}

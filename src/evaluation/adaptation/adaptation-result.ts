// What adaptation buys, as plain data: AUC over inner steps, support size and staleness, and the placebo.

/** A difference of AUCs on the same rows and the same draws of entities. */
export interface PairedDelta {
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The model scored in one way of adapting it. */
export interface AdaptationPoint {
  /** Inner steps, support rows or days, as the curve says. */
  readonly at: number;
  readonly auc: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly logLoss: number;
  /** AUC above that of the prior: the same model, no support for anybody. */
  readonly overPrior: PairedDelta;
  /** AUC above that of the model as it is served. */
  readonly overServed: PairedDelta;
  /** Entities that had any support here, and the support rows used by an entity on average (0 where none). */
  readonly entitiesWithSupport: number;
  readonly meanSupport: number;
  /** Median over entities with support: days from the last support row to the first scored row. */
  readonly medianAgeDays: number | null;
}

/** `at` is the place on the curve. */
export interface RefreshPoint extends AdaptationPoint {
  /** `none`, `7d`, `event`. */
  readonly refresh: string;
}

export interface AdaptationCurves {
  readonly model: string;
  readonly rows: number;
  readonly entities: number;
  readonly positives: number;
  /** What there is in all, where only a sample of the entities was scored. */
  readonly sampledFrom: { readonly rows: number; readonly entities: number } | null;
  readonly level: number;
  readonly bootstrap: {
    readonly replicates: number;
    readonly units: number;
    readonly auc: 'exact' | 'linear';
    readonly seed: number;
  };
  /** Inner steps and support rows of the model as it is served. */
  readonly steps: number;
  readonly maxSupport: number;
  readonly prior: AdaptationPoint;
  readonly served: AdaptationPoint;
  readonly innerSteps: readonly AdaptationPoint[];
  readonly supportSize: readonly AdaptationPoint[];
  readonly staleness: readonly AdaptationPoint[];
  /**
   * Vectors refreshed on all that came before, scored rows too: frozen first, then from seldom to often. Evaluations of earlier versions
   * have none.
   */
  readonly refreshes?: readonly RefreshPoint[];
  /** Support labels shuffled within each entity; null, with the reason, where the model was trained so. */
  readonly placebo: AdaptationPoint | null;
  readonly noPlacebo?: string;
  /** How to read the curves, and what they do not say. */
  readonly conditions: readonly string[];
}

/** Meta embeddings of some entities on their two main axes. */
export interface EmbeddingMap {
  readonly model: string;
  /** Numbers in one embedding. */
  readonly size: number;
  readonly entities: number;
  readonly sampledFrom: number | null;
  /** Share of the variance along each axis; null where the embeddings are all the same. */
  readonly explained: readonly [number, number] | null;
  /** Names of the history-length buckets; and of each, over all its entities, how far adaptation moved the vectors. */
  readonly segments: readonly string[];
  /**
   * Root mean square distance of a vector from the entity's prior, over that of all vectors from their mean; null for a
   * bucket without entities.
   */
  readonly movement: readonly (number | null)[];
  /** Bucket and coordinates of each entity drawn. */
  readonly segment: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

// What a metric is: what it is called, which way is better, what defines it, where it is shown, and how rows are measured by it.
import type { EvaluationConfig } from '../config/evaluation-config.js';
import type { RankedOrder } from '../rows/ranked-rows.js';
import type { IntervalKind } from '../uncertainty/bootstrap-interval.js';
import type { ResampledBlocks } from '../uncertainty/entity-bootstrap.js';
import type { ReplicateRule } from '../uncertainty/replicate-rules.js';
import type { MetricRows } from './metric-rows.js';
import type { Value } from './value.js';

/**
 * Where a metric is shown; each place includes those after it.
 * `headline`: followed on validation rows (and may choose the epoch), held by `limaml check`, spread over seeds, Δ in segments.
 * `overview`: tables of the terminal, `limaml compare`, exported scalars, its value in segments.
 * `report`: tables of the report, and Δ to the baselines.
 * `data`: eval.json alone.
 */
const PLACES = ['headline', 'overview', 'report', 'data'] as const;
type Place = (typeof PLACES)[number];

/** What is said of a metric wherever its numbers stand. Plain data: it is stored with them. */
export interface MetricFacts {
  /** In files, `auc`, `ndcg@5`. */
  readonly name: string;
  /** In text, `normalised entropy`. */
  readonly title: string;
  /** In the head of a table, where there is little room; the title unless it is given. */
  readonly short?: string;
  /** Models are compared by the value, or by its distance from a number. */
  readonly better: 'higher' | 'lower' | { readonly nearest: number };
  /** Metrics that share a unit are drawn on one axis, under this heading. */
  readonly axis: string;
  readonly where: Place;
  /** Set for a metric of the first k places of a list: its name without k, and k. */
  readonly top?: { readonly list: string; readonly k: number };
}

/** A metric as it is stored with its numbers. */
export interface DefinedMetric extends MetricFacts {
  readonly definition: string;
}

/** What a metric finds on the rows of one model. */
export type Measurement = Value & {
  /** Computes it again when blocks of entities count several times; absent where there is nothing to resample. */
  readonly rule?: (draws: ResampledBlocks) => ReplicateRule;
  /** Counts behind the number, and other numbers to read it by. */
  readonly detail?: Readonly<Record<string, number | string | null>>;
  /** The same in words. */
  readonly note?: string;
};

/** A test of two models by formula, shown beside the bootstrap. */
export interface FormulaTest {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  readonly pValue: number;
}

/** All rows of one model, to be paired with another's row by row. */
export interface PairedRows {
  /** [rows] 0 or 1 */
  readonly label: Uint8Array;
  readonly ranked: RankedOrder;
  readonly units: number;
}

export interface Metric extends MetricFacts {
  /** One sentence or two that stand by the number. */
  readonly definition: (config: EvaluationConfig) => string;
  readonly measure: (rows: MetricRows) => Measurement;
  /** `basic` for a distance, which is never negative and which resampling inflates; `percentile` unless it is given. */
  readonly interval?: IntervalKind;
  /** A replicate costs too much to resample every segment: intervals on all rows only. */
  readonly costly?: boolean;
  readonly tests?: (
    model: PairedRows,
    baseline: PairedRows,
    level: number,
  ) => Readonly<Record<string, FormulaTest>>;
}

/** A metric, or several that the options ask for, such as one for each k. */
export type MetricEntry = Metric | ((config: EvaluationConfig) => readonly Metric[]);

/** Axes that several metrics share; a metric of another unit brings its own heading. */
export const AXES = {
  ranking: 'Ranking: how well clicks are put before the rest',
  probability: 'Probabilities: how far they are from the labels',
} as const;

export const metricsOf = (registry: readonly MetricEntry[], config: EvaluationConfig): readonly Metric[] =>
  registry.flatMap((entry) => (typeof entry === 'function' ? entry(config) : [entry]));

/** What is stored of a metric beside its numbers. */
export function defined(metric: Metric, config: EvaluationConfig): DefinedMetric {
  const { name, title, short, better, axis, where, top, definition } = metric;
  return {
    name,
    title,
    ...(short === undefined ? {} : { short }),
    better,
    axis,
    where,
    ...(top === undefined ? {} : { top }),
    definition: definition(config),
  };
}

/** The metrics that are shown at a place. */
export const shownAt = <M extends MetricFacts>(place: Place, metrics: readonly M[]): readonly M[] =>
  metrics.filter(({ where }) => PLACES.indexOf(where) <= PLACES.indexOf(place));

/** What models are compared by: the value itself, or its distance from the best one. */
export const compared = ({ better }: MetricFacts, value: number): number =>
  typeof better === 'object' ? Math.abs(value - better.nearest) : value;

/** Whether a rise of what models are compared by is a gain. */
export const betterWhen = ({ better }: MetricFacts): 'higher' | 'lower' =>
  better === 'higher' ? 'higher' : 'lower';

/** The value as "larger is better". */
export const gain = (metric: MetricFacts, value: number): number =>
  betterWhen(metric) === 'higher' ? value : -compared(metric, value);

/** `AUC`; `|calibration slope − 1|` for what is best near a number. */
export const comparedTitle = ({ title, better }: MetricFacts): string =>
  typeof better === 'object' ? `|${title} − ${better.nearest}|` : title;

/** What a metric of this name is called in text; the name itself where it is not registered. */
export const titleOf = (registry: readonly MetricEntry[], name: string): string =>
  registry.filter((entry) => typeof entry !== 'function').find((metric) => metric.name === name)?.title ??
  name;

// Measurements of one experiment's seeds, put together: protocol by protocol, model by model.

import type { MetricEntry } from '../../evaluation/metrics/metric.js';
import { METRICS } from '../../evaluation/metrics/registry.js';
import { type OverSeeds, overSeeds, type SeedEstimate } from '../../evaluation/over-seeds.js';
import { normalQuantile } from '../../evaluation/uncertainty/normal.js';
import type { Measured } from '../../runs/measured.js';

/** Metrics and segments that the results show; each is a column. Segments are by what was known at a member's first scored row. */
export const SHOWN = [
  { title: 'AUC', metric: 'auc', segment: null },
  { title: 'group AUC', metric: 'groupAuc', segment: null },
  { title: 'AUC, new members', metric: 'auc', segment: { by: 'seen', value: 'new' } },
  { title: 'AUC, 1-5 events', metric: 'auc', segment: { by: 'historyLength', value: '1-5' } },
] as const;
type Shown = (typeof SHOWN)[number];

/** The registry's metrics that a column shows. */
export const SHOWN_METRICS: readonly MetricEntry[] = METRICS.filter(
  (entry) => typeof entry !== 'function' && SHOWN.some(({ metric }) => metric === entry.name),
);

interface SeedMeasured {
  readonly seed: number;
  /** Of the same protocols for every seed. */
  readonly measured: readonly Measured[];
}

/** By place in SHOWN; null where a seed has no such number. */
type Numbers = readonly (OverSeeds | null)[];

export interface ModelRow {
  readonly model: string;
  readonly numbers: Numbers;
  /** The experiment's model less this one; null for the model itself. */
  readonly difference: Numbers | null;
}

export interface ProtocolResults {
  /** `frozen`, or what differs from that: `refresh=1d`. */
  readonly protocol: string;
  readonly rows: number;
  readonly entities: number;
  readonly models: readonly ModelRow[];
}

/** Results of seeds that were measured under the same protocols beside the same models. */
export function collate(seeds: readonly SeedMeasured[]): readonly ProtocolResults[] {
  const [first] = seeds;
  if (first === undefined) return [];
  return first.measured.map(({ label: protocol, rows, entities, level, models }, place) => {
    const measured = seeds.map((of) => ({ seed: of.seed, result: of.measured[place]! }));
    const over = (read: (result: Measured, shown: Shown) => Estimate) =>
      SHOWN.map((shown) => combined(measured, level, (result) => read(result, shown)));
    return {
      protocol,
      rows,
      entities,
      models: models.map(({ model }, at) => ({
        model,
        numbers: over((result, shown) => numberOf(result, model, shown)),
        difference: at === 0 ? null : over((result, shown) => differenceOf(result, model, shown)),
      })),
    };
  });
}

type Estimate = Omit<SeedEstimate, 'seed'> | null;

/** Null unless every seed has the number: a mean over some would not be that of the others. */
function combined(
  evaluations: readonly { readonly seed: number; readonly result: Measured }[],
  level: number,
  read: (result: Measured) => Estimate,
): OverSeeds | null {
  const estimates = evaluations.flatMap(({ seed, result }) => {
    const found = read(result);
    return found === null ? [] : [{ seed, ...found }];
  });
  return estimates.length < evaluations.length ? null : overSeeds(estimates, level);
}

function numberOf({ models }: Measured, name: string, { metric, segment }: Shown): Estimate {
  const model = models.find((one) => one.model === name);
  const card =
    segment === null
      ? model?.metrics
      : model?.segments.find(({ by, value }) => by === segment.by && value === segment.value)?.metrics;
  const score = card?.[metric];
  if (score == null || score.value === null) return null;
  return { value: score.value, standardError: score.interval?.standardError ?? null };
}

/** Of a segment the standard error is read off the interval, which is a percentile one: half its width over the normal quantile. */
function differenceOf(
  { models, comparisons, level }: Measured,
  baseline: string,
  { metric, segment }: Shown,
): Estimate {
  const fits = (one: { readonly baseline: string; readonly metric: string }): boolean =>
    one.baseline === baseline && one.metric === metric;
  if (segment === null) {
    const found = comparisons.find(fits);
    if (found === undefined || found.delta === null) return null;
    return { value: found.delta, standardError: found.standardError };
  }
  const found = models[0]?.segments
    .find(({ by, value }) => by === segment.by && value === segment.value)
    ?.comparisons.find(fits);
  if (found === undefined || found.delta === null) return null;
  const { delta, low, high } = found;
  return {
    value: delta,
    standardError:
      low === null || high === null ? null : (high - low) / (2 * normalQuantile((1 + level) / 2)),
  };
}

// Evaluations of one experiment's seeds, put together: protocol by protocol, model by model.

import { type OverSeeds, overSeeds, type SeedEstimate } from '../../evaluation/over-seeds.js';
import { normalQuantile } from '../../evaluation/uncertainty/normal.js';
import type { ReplayEvaluation, RunEvaluation } from '../../runs/evaluation.js';

/** Metrics and segments that the results show; each is a column. */
export const SHOWN = [
  { title: 'AUC', metric: 'auc', segment: null },
  { title: 'group AUC', metric: 'groupAuc', segment: null },
  { title: 'AUC, new members', metric: 'auc', segment: '0' },
  { title: 'AUC, 1-5 events', metric: 'auc', segment: '1-5' },
] as const;
export type Shown = (typeof SHOWN)[number];

export interface SeedEvaluation {
  readonly seed: number;
  readonly evaluation: RunEvaluation;
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

/** Results of seeds that were evaluated under the same protocols with the same baselines. */
export function collate(seeds: readonly SeedEvaluation[]): readonly ProtocolResults[] {
  const [first] = seeds;
  if (first === undefined) return [];
  const { level } = first.evaluation;
  return ['frozen', ...first.evaluation.replays.map(({ label }) => label)].map((protocol) => {
    const evaluations = seeds.map(({ seed, evaluation }) => ({ seed, result: under(evaluation, protocol) }));
    const { rows, entities, models } = evaluations[0]!.result;
    return {
      protocol,
      rows,
      entities,
      models: models.map(({ model }, place) => ({
        model,
        numbers: SHOWN.map((shown) =>
          combined(evaluations, level, (result) => numberOf(result, model, shown)),
        ),
        difference:
          place === 0
            ? null
            : SHOWN.map((shown) =>
                combined(evaluations, level, (result) => differenceOf(result, model, shown)),
              ),
      })),
    };
  });
}

type Evaluated = Pick<ReplayEvaluation, 'rows' | 'entities' | 'models' | 'comparisons' | 'level'>;
type Estimate = Omit<SeedEstimate, 'seed'> | null;

function under(evaluation: RunEvaluation, protocol: string): Evaluated {
  return protocol === 'frozen' ? evaluation : evaluation.replays.find(({ label }) => label === protocol)!;
}

/** Null unless every seed has the number: a mean over some would not be that of the others. */
function combined(
  evaluations: readonly { readonly seed: number; readonly result: Evaluated }[],
  level: number,
  read: (result: Evaluated) => Estimate,
): OverSeeds | null {
  const estimates = evaluations.flatMap(({ seed, result }) => {
    const found = read(result);
    return found === null ? [] : [{ seed, ...found }];
  });
  return estimates.length < evaluations.length ? null : overSeeds(estimates, level);
}

function numberOf({ models }: Evaluated, name: string, { metric, segment }: Shown): Estimate {
  const model = models.find((one) => one.model === name);
  const card =
    segment === null
      ? model?.metrics
      : model?.segments.find(({ by, value }) => by === 'historyLength' && value === segment)?.metrics;
  const score = card?.[metric];
  if (score == null || score.value === null) return null;
  return { value: score.value, standardError: score.interval?.standardError ?? null };
}

/** Of a segment the standard error is read off the interval, which is a percentile one: half its width over the normal quantile. */
function differenceOf(
  { models, comparisons, level }: Evaluated,
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
    .find(({ by, value }) => by === 'historyLength' && value === segment)
    ?.comparisons.find(fits);
  if (found === undefined || found.delta === null) return null;
  const { delta, low, high } = found;
  return {
    value: delta,
    standardError:
      low === null || high === null ? null : (high - low) / (2 * normalQuantile((1 + level) / 2)),
  };
}

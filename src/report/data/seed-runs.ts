// How far numbers move when the same recipe is trained with another seed: runs equal in all but their seed, put together.

import { type DefinedMetric, shownAt } from '../../evaluation/metrics/metric.js';
import { type SeedSpread, type SeedValue, seedSpread } from '../../evaluation/seed-spread.js';
import { recipeKey } from '../../runs/config.js';
import { onePerSeed } from '../../runs/seeds.js';
import type { ReportRun } from './report-run.js';

interface SeedInterval extends SeedValue {
  readonly run: string;
  /** Interval over entities of this one seed; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
}

/** One number over seeds. */
export interface NumberOverSeeds {
  readonly metric: DefinedMetric;
  readonly model: string;
  /** Set for a difference to this baseline, which was trained with the same seed each time. */
  readonly baseline: string | null;
  readonly values: readonly SeedInterval[];
  /** Mean, deviation and interval over seeds, on the same evaluated rows. */
  readonly spread: SeedSpread;
}

/** Evaluated runs of the same recipe as `of`, one a seed (the newest, but `of` for its own), by seed. */
export function seedRuns(of: ReportRun, runs: readonly ReportRun[]): readonly ReportRun[] {
  const key = recipeKey(of.config);
  const alike = [...runs, of].filter((run) => run.evaluation !== null && recipeKey(run.config) === key);
  return onePerSeed(alike);
}

/** Every metric of the model, and its difference to each baseline that all the seeds were compared with. */
export function numbersOverSeeds(runs: readonly ReportRun[]): readonly NumberOverSeeds[] {
  const [first] = runs;
  if (first === undefined || runs.length < 2) return [];
  const baselines = (first.evaluation?.models ?? []).slice(1).map(({ model }) => model);
  return shownAt('headline', first.evaluation?.metrics ?? []).flatMap((metric) => {
    const own = overSeeds(metric, first.model, null, runs, (run) => {
      const score = run.evaluation?.models[0]?.metrics[metric.name];
      return [score?.value ?? null, score?.interval?.low ?? null, score?.interval?.high ?? null];
    });
    const differences = baselines.map((baseline) =>
      overSeeds(metric, first.model, baseline, runs, (run) => {
        const found = run.evaluation?.comparisons.find(
          (one) => one.metric === metric.name && one.baseline === baseline,
        );
        return [found?.delta ?? null, found?.low ?? null, found?.high ?? null];
      }),
    );
    return [own, ...differences].flatMap((spread) => (spread === undefined ? [] : [spread]));
  });
}

/** Undefined unless every run has the number: a mean over some of the seeds would not be that of the others. */
function overSeeds(
  metric: NumberOverSeeds['metric'],
  model: string,
  baseline: string | null,
  runs: readonly ReportRun[],
  read: (run: ReportRun) => readonly [number | null, number | null, number | null],
): NumberOverSeeds | undefined {
  const values: SeedInterval[] = [];
  for (const run of runs) {
    const [value, low, high] = read(run);
    if (value === null) return undefined;
    values.push({ seed: run.seed, run: run.id, value, low, high });
  }
  const level = runs[0]?.evaluation?.level ?? 0.95;
  return { metric, model, baseline, values, spread: seedSpread(values, level) };
}

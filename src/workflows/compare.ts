// `limaml compare`: what differs between runs, in their configurations and in their results.
import { leafText, valuesOf } from '../config/leaves.js';
import type { EvaluationResult } from '../evaluation/evaluation-result.js';
import { seedSpread } from '../evaluation/seed-spread.js';
import type { RunDescription } from '../runs/describe.js';
import { byRecipe, onePerSeed } from '../runs/seeds.js';

/** One line of the comparison: a value for each run, in the order the runs were named. */
export interface ComparedLine {
  readonly name: string;
  readonly values: readonly (string | number | null)[];
}

/** Runs that differ in nothing but the seed: how far the seed alone moves a metric. */
export interface ComparedSeeds {
  readonly runs: readonly string[];
  readonly seeds: readonly number[];
  readonly metric: string;
  readonly mean: number;
  /** Standard deviation over seeds (n − 1). */
  readonly deviation: number;
}

export interface RunComparison {
  readonly runs: readonly { readonly id: string; readonly experiment: string; readonly model: string }[];
  /** Configuration, data, program and engine, where they differ; null where a run has no such key. */
  readonly differences: readonly ComparedLine[];
  readonly metrics: readonly ComparedLine[];
  readonly seeds: readonly ComparedSeeds[];
  /** What forbids a comparison of the metrics, in words. */
  readonly cautions: readonly string[];
}

const TEST_METRICS = ['auc', 'groupAuc', 'logLoss', 'normalizedEntropy', 'calibrationError'] as const;

export function compareRuns(runs: readonly RunDescription[]): RunComparison {
  const facts = runs.map(factsOf);
  const keys = [...new Set(facts.flatMap((of) => [...of.keys()]))];
  const lines = keys.map((name) => ({ name, values: facts.map((of) => of.get(name) ?? null) }));
  return {
    runs: runs.map(({ id, experiment, model }) => ({ id, experiment, model })),
    differences: lines.filter(({ values }) => new Set(values).size > 1),
    metrics: metricLines(runs),
    seeds: seedSpreads(runs),
    cautions: cautions(runs),
  };
}

/** Everything that decides a run's result, flat; lists as JSON would show them. */
function factsOf({ config, provenance }: RunDescription): ReadonlyMap<string, string | number> {
  const { baselines: _, evaluation: _evaluation, ...recipe } = config.recipe;
  const { limaml, engine, node, platform } = provenance;
  return new Map<string, string | number>([
    ...valuesOf(recipe).map(
      ({ path, value }) => [path.join('.'), typeof value === 'number' ? value : leafText(value)] as const,
    ),
    ['data hash', config.dataset.hash.slice(0, 12)],
    ['program', `${limaml.version} ${limaml.code.slice(0, 12)}`],
    ['engine', `${engine.name} ${engine.version} ${engine.device}`],
    ['node', node],
    ['platform', platform],
  ]);
}

function metricLines(runs: readonly RunDescription[]): readonly ComparedLine[] {
  const results = runs.map((run) => tested(run, runs));
  return [
    { name: 'epochs', values: runs.map(({ epochs }) => epochs) },
    { name: 'best epoch', values: runs.map(({ best }) => best?.epoch ?? null) },
    { name: 'validation auc', values: runs.map(({ best }) => best?.auc ?? null) },
    { name: 'seconds', values: runs.map(({ seconds }) => seconds) },
    { name: 'test rows', values: results.map((result) => result?.rows ?? null) },
    ...TEST_METRICS.map((metric) => ({
      name: `test ${metric}`,
      values: results.map((result) => result?.[metric] ?? null),
    })),
  ];
}

type TestedModel = Pick<EvaluationResult, 'rows'> & EvaluationResult['models'][number];

/** Results on test rows: of the run's own evaluation, or of another's in which it was the baseline. */
function tested(run: RunDescription, runs: readonly RunDescription[]): TestedModel | undefined {
  for (const other of [run, ...runs]) {
    const model = other.evaluation?.models.find((candidate) => candidate.run === run.id);
    if (other.evaluation !== null && model !== undefined) return { ...model, rows: other.evaluation.rows };
  }
  return undefined;
}

function seedSpreads(runs: readonly RunDescription[]): readonly ComparedSeeds[] {
  return [...byRecipe(runs).values()].flatMap((group) => {
    const alike = onePerSeed(group);
    if (alike.length < 2) return [];
    return (['test auc', 'validation auc'] as const).flatMap((metric) => {
      const values = alike.flatMap((run) => {
        const value = metric === 'test auc' ? tested(run, runs)?.auc : run.best?.auc;
        return typeof value === 'number' ? [{ seed: run.seed, value }] : [];
      });
      // A mean over some of the seeds would not be that of the others.
      if (values.length < alike.length) return [];
      const { mean, standardDeviation } = seedSpread(values, 0.95);
      const seeds = alike.map(({ seed }) => seed);
      return [{ runs: alike.map(({ id }) => id), seeds, metric, mean, deviation: standardDeviation ?? 0 }];
    });
  });
}

function cautions(runs: readonly RunDescription[]): readonly string[] {
  // The run that was trained as a baseline is the baseline.
  const [first, second] = runs[1]?.baselineOf === null ? runs : [...runs].reverse();
  const hashes = new Set(runs.map(({ config }) => config.dataset.hash));
  const unevaluated = runs.filter((run) => tested(run, runs) === undefined).map(({ id }) => id);
  return [
    ...(hashes.size > 1
      ? ['These runs were trained and tested on different data: their metrics cannot be compared.']
      : []),
    ...(unevaluated.length > 0 ? [`Not evaluated yet: ${unevaluated.join(', ')} (limaml eval <run>).`] : []),
    ...(runs.length === 2 && hashes.size === 1
      ? [`Whether the difference is more than chance: limaml eval ${second!.id} --baseline ${first!.id}`]
      : []),
  ];
}

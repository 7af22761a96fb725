// `limaml compare`: what differs between runs, in their configurations and in their results.
import { leafText, valuesOf } from '../config/leaves.js';
import type { EvaluationResult } from '../evaluation/evaluation-result.js';
import { type DefinedMetric, shownAt } from '../evaluation/metrics/metric.js';
import { type SeedSpread, seedSpread } from '../evaluation/seed-spread.js';
import type { RunDescription } from '../runs/describe.js';
import { byRecipe, onePerSeed } from '../runs/seeds.js';

/** One line of the comparison: a value for each run, in the order the runs were named. */
export interface ComparedLine {
  readonly name: string;
  /** The same in words, for a line of metrics; and how many decimals its numbers have. */
  readonly title?: string;
  readonly decimals?: number;
  readonly values: readonly (string | number | null)[];
}

/** Runs that differ in nothing but the seed: how far the seed alone moves a metric. */
interface ComparedSeeds extends SeedSpread {
  readonly runs: readonly string[];
  /** Of the line that it is the spread of. */
  readonly name: string;
  readonly title: string;
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
  const results = runs.map((run) => (sameData(run, runs) ? tested(run, runs) : undefined));
  return [
    { name: 'epochs', decimals: 0, values: runs.map(({ epochs }) => epochs) },
    { name: 'best epoch', decimals: 0, values: runs.map(({ best }) => best?.epoch ?? null) },
    { ...VALIDATION, values: runs.map((run) => (sameData(run, runs) ? (run.best?.auc ?? null) : null)) },
    { name: 'seconds', decimals: 1, values: runs.map(({ seconds }) => seconds) },
    { name: 'test rows', decimals: 0, values: results.map((result) => result?.rows ?? null) },
    ...testedBy(results).map(({ name, title }) => ({
      name: `test ${name}`,
      title: `test ${title}`,
      values: results.map((result) => result?.metrics[name]?.value ?? null),
    })),
    ...replayLines(runs),
  ];
}

/** Headline metrics of every protocol that any of the runs was evaluated under. */
function replayLines(runs: readonly RunDescription[]): readonly ComparedLine[] {
  const labels = new Set(
    runs.flatMap(({ evaluation }) => evaluation?.replays.map(({ label }) => label) ?? []),
  );
  return [...labels].flatMap((label) => {
    const results = runs.map((run) => (sameData(run, runs) ? tested(run, runs, label) : undefined));
    return shownAt('headline', testedBy(results)).map(({ name, title }) => ({
      name: `test ${name}, ${label}`,
      title: `test ${title}, ${label}`,
      values: results.map((result) => result?.metrics[name]?.value ?? null),
    }));
  });
}

/** Numbers of other rows say nothing beside these: the first run's data are those that count. */
const sameData = ({ config }: RunDescription, [first]: readonly RunDescription[]): boolean =>
  config.dataset.hash === first!.config.dataset.hash;

const VALIDATION = { name: 'validation auc', title: 'validation AUC' } as const;

type TestedModel = Pick<EvaluationResult, 'rows'> &
  EvaluationResult['models'][number] & { readonly measured: readonly DefinedMetric[] };

/** Metrics that any of the runs was tested by, in the order they are shown. */
function testedBy(results: readonly (TestedModel | undefined)[]): readonly DefinedMetric[] {
  const all = shownAt(
    'overview',
    results.flatMap((result) => result?.measured ?? []),
  );
  return all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i);
}

/**
 * Results on test rows: of the run's own evaluation, or of another's in which it was the baseline; with frozen vectors, or under the
 * protocol of a label.
 */
function tested(
  run: RunDescription,
  runs: readonly RunDescription[],
  label?: string,
): TestedModel | undefined {
  for (const { evaluation } of [run, ...runs]) {
    const result = label === undefined ? evaluation : evaluation?.replays.find((one) => one.label === label);
    const model = result?.models.find((candidate) => candidate.run === run.id);
    if (result != null && model !== undefined)
      return { ...model, rows: result.rows, measured: result.metrics };
  }
  return undefined;
}

function seedSpreads(runs: readonly RunDescription[]): readonly ComparedSeeds[] {
  return [...byRecipe(runs).values()].flatMap((alike) => {
    const group = onePerSeed(alike);
    if (group.length < 2) return [];
    const results = group.map((run) => tested(run, runs));
    const lines = [
      ...shownAt('headline', testedBy(results)).map(({ name, title }) => ({
        name: `test ${name}`,
        title: `test ${title}`,
        values: results.map((result) => result?.metrics[name]?.value ?? null),
      })),
      { ...VALIDATION, values: group.map(({ best }) => best?.auc ?? null) },
    ];
    return lines.flatMap(({ name, title, values }) => {
      const found = values.flatMap((value, i) => (value === null ? [] : [{ seed: group[i]!.seed, value }]));
      // A mean over some of the seeds would not be that of the others.
      if (found.length < group.length) return [];
      return [{ runs: group.map(({ id }) => id), name, title, ...seedSpread(found, 0.95) }];
    });
  });
}

function cautions(runs: readonly RunDescription[]): readonly string[] {
  // The run that was trained as a baseline is the baseline.
  const [first, second] = runs[1]?.baselineOf === null ? runs : [...runs].reverse();
  const other = runs.filter((run) => !sameData(run, runs));
  const unevaluated = runs.filter((run) => tested(run, runs) === undefined).map(({ id }) => id);
  const hash = ({ config: { dataset } }: RunDescription): string => dataset.hash.slice(0, 12);
  return [
    ...(other.length > 0
      ? [
          `Metrics are left out of runs on other data than ${runs[0]!.id} (data hash ${hash(runs[0]!)}): ${other.map((run) => `${run.id} (${hash(run)})`).join(', ')}.`,
        ]
      : []),
    ...(unevaluated.length > 0 ? [`Not evaluated yet: ${unevaluated.join(', ')} (limaml eval <run>).`] : []),
    ...(runs.length === 2 && other.length === 0
      ? [`Whether the difference is more than chance: limaml eval ${second!.id} --baseline ${first!.id}`]
      : []),
  ];
}

// `limaml compare`: what differs between runs, in their configurations and in their results.

import type { EvaluationResult } from '../evaluation/evaluation-result.js';
import { hashJson } from '../hash.js';
import type { RunDescription } from '../runs/describe-run.js';
import type { EvalRunResult } from './eval-run.js';

/** One line of the comparison: a value for each run, in the order the runs were named. */
export interface ComparedLine {
  readonly name: string;
  readonly values: readonly (string | number | null)[];
}

/** Runs that differ in nothing but the seed: how far the seed alone moves a metric. */
export interface SeedSpread {
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
  readonly seeds: readonly SeedSpread[];
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

/** Everything that decides a run's result, flat; lists and texts as JSON would show them. */
function factsOf({ config, provenance }: RunDescription): ReadonlyMap<string, string | number> {
  const { baselines: _, evaluation: _evaluation, ...recipe } = config.recipe;
  const facts = new Map<string, string | number>();
  const visit = (value: unknown, key: string): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      for (const [name, inner] of Object.entries(value)) visit(inner, key === '' ? name : `${key}.${name}`);
    else if (value !== undefined)
      facts.set(key, typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value));
  };
  visit(recipe, '');
  facts.set('data hash', config.dataset.hash.slice(0, 12));
  facts.set('program', `${provenance.limaml.version} ${provenance.limaml.code.slice(0, 12)}`);
  facts.set('engine', `${provenance.engine.name} ${provenance.engine.version} ${provenance.engine.device}`);
  facts.set('node', provenance.node);
  facts.set('platform', provenance.platform);
  return facts;
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
    const result = other.evaluation as EvalRunResult | null;
    const model = result?.models.find((candidate) => candidate.run === run.id);
    if (result !== null && model !== undefined) return { ...model, rows: result.rows };
  }
  return undefined;
}

function seedSpreads(runs: readonly RunDescription[]): readonly SeedSpread[] {
  const groups = new Map<string, RunDescription[]>();
  for (const run of runs) {
    const { seed: _, name: _name, baselines: _baselines, ...rest } = run.config.recipe;
    const key = hashJson({ ...rest, data: run.config.dataset.hash });
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group) => {
    const seeds = group.map(({ seed }) => seed);
    if (new Set(seeds).size < 2) return [];
    return (['test auc', 'validation auc'] as const).flatMap((metric) => {
      const values = group.map((run) =>
        metric === 'test auc' ? (tested(run, runs)?.auc ?? null) : (run.best?.auc ?? null),
      );
      if (values.some((value) => value === null)) return [];
      return [{ runs: group.map(({ id }) => id), seeds, metric, ...meanAndDeviation(values as number[]) }];
    });
  });
}

/** Mean and sample standard deviation of at least two numbers. */
export function meanAndDeviation(values: readonly number[]): {
  readonly mean: number;
  readonly deviation: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
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

// What a list of runs is filtered and sorted by: facts of a run, its metrics, and any key of its recipe, each by one name.
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import type { RunSummary } from './list.js';
import { readStoredConfig } from './stored-config.js';

/** Several for what a run may have many of; none for what it lacks. */
export type FieldValues = readonly (string | number)[];

type Reader = (run: RunSummary) => FieldValues;

const some = (value: string | number | null | undefined): FieldValues =>
  value === null || value === undefined ? [] : [value];

const FACTS: Readonly<Record<string, Reader>> = {
  run: ({ id }) => [id],
  experiment: ({ experiment }) => [experiment],
  model: ({ model }) => [model],
  dataset: ({ dataset }) => [dataset],
  data: ({ dataset, dataHash }) => [dataset, dataHash, dataHash.slice(0, 12)],
  state: ({ state }) => [state],
  tag: ({ tags }) => tags,
  seed: ({ seed }) => [seed],
  baseline: ({ baselineOf }) => [String(baselineOf !== null)],
  overridden: ({ overrides }) => [String(overrides.length > 0)],
  started: ({ startedAt }) => [startedAt],
  epochs: ({ epochs }) => some(epochs),
  seconds: ({ seconds }) => some(seconds),
};

/** Sections of a recipe; a field that begins with one of them, and a dot, is a key of the recipe. */
const SECTIONS = /^(model|features|prep|baselines|training|execution|evaluation|check)\./;

/**
 * How to read a field: a fact (`model`, `tag`), a metric on test rows (`auc`) or on validation rows (`valid.auc`), or a key of the
 * recipe (`model.inner.steps`). Throws RUNS_FIELD for a name that is none, with the nearest.
 */
export function fieldReader(name: string, runs: readonly RunSummary[], where: string): Reader {
  const fact = FACTS[name];
  if (fact !== undefined) return fact;
  if (SECTIONS.test(name)) return ({ path }) => recipeValue(readStoredConfig(path).recipe, name.split('.'));
  const onValid = name.startsWith('valid.');
  const metric = onValid ? name.slice('valid.'.length) : name;
  const of = (run: RunSummary): number | null | undefined => (onValid ? run.valid : run.test)?.[metric];
  if (METRIC.test(metric) || runs.some((run) => of(run) !== undefined)) return (run) => some(of(run));
  const known = fieldNames(runs).filter((field) => !field.startsWith('valid.'));
  const close = nearestName(name, known);
  throw new UserError({
    code: 'RUNS_FIELD',
    where,
    what: `A run has no "${name}".${close === undefined ? '' : ` Closest: "${close}".`}`,
    next: `Known: ${known.join(', ')}; valid.auc for validation rows; keys of the recipe, such as model.inner.steps.`,
  });
}

/** Fields of these runs, but for keys of the recipe. */
export function fieldNames(runs: readonly RunSummary[]): readonly string[] {
  const named = (of: (run: RunSummary) => RunSummary['test']): readonly string[] => {
    const found = [...new Set(runs.flatMap((run) => Object.keys(of(run) ?? {})))];
    return found.length > 0 ? found : ['auc', 'logLoss'];
  };
  return [
    ...Object.keys(FACTS),
    ...named(({ test }) => test),
    ...named(({ valid }) => valid).map((metric) => `valid.${metric}`),
  ];
}

/** Known before any run was measured by them. */
const METRIC = /^(auc|prAuc|groupAuc|logLoss|normalizedEntropy)$/;

function recipeValue(recipe: unknown, path: readonly string[]): FieldValues {
  let value = recipe;
  for (const step of path) value = (value as Record<string, unknown> | null | undefined)?.[step];
  if (typeof value === 'string' || typeof value === 'number') return [value];
  return value === undefined || value === null ? [] : [JSON.stringify(value)];
}

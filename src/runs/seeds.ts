// Runs that are the same but for the seed, put together: one answer for every comparison of seeds.
import { type RunConfig, recipeKey } from './config.js';

interface SeededRun {
  readonly id: string;
  readonly seed: number;
  readonly config: Pick<RunConfig, 'recipe' | 'dataset'>;
}

/** Runs by their recipe, in the order they came. */
export function byRecipe<R extends SeededRun>(runs: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const run of runs) {
    const key = recipeKey(run.config);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return groups;
}

/** Of each seed the run that comes last, by seed: a seed tried twice is no second seed. */
export function onePerSeed<R extends SeededRun>(runs: readonly R[]): readonly R[] {
  return [...new Map(runs.map((run) => [run.seed, run])).values()].sort((a, b) => a.seed - b.seed);
}

// `limaml eval --seeds`: a run and those that differ from it in the seed alone, each evaluated, and all put together.
import { dirname } from 'node:path';
import { UserError } from '../../errors.js';
import { readRunConfig } from '../../runs/config.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { type RunPlace, runsIn } from '../../runs/places.js';
import { readProvenance } from '../../runs/provenance.js';
import { byRecipe, onePerSeed } from '../../runs/seeds.js';
import { runState } from '../../runs/state.js';
import { type EvaluateOptions, evaluate } from '../evaluate.js';
import { collate, type ProtocolResults } from './collate.js';

export interface EvaluatedSeeds {
  readonly model: string;
  readonly dataset: string;
  readonly level: number;
  readonly runs: readonly { readonly seed: number; readonly run: string }[];
  readonly protocols: readonly ProtocolResults[];
}

/** Writes the evaluation of every run. Throws EVAL_ONE_SEED, and what `evaluate` throws. */
export async function evaluateSeeds(run: RunPlace, options: EvaluateOptions): Promise<EvaluatedSeeds> {
  const alike = sameButSeed(run);
  if (alike.length < 2)
    throw new UserError({
      code: 'EVAL_ONE_SEED',
      where: run.id,
      what: 'No other finished run here differs from it in the seed alone.',
      next: 'Train more of them: limaml train … --set seeds=[1,2,3]',
    });
  const evaluated: { seed: number; evaluation: RunEvaluation }[] = [];
  for (const { seed, place } of alike) {
    const done = evaluated.length + 1;
    options.progress({ kind: 'note', text: `seed ${seed}, ${done} of ${alike.length}: run ${place.id}` });
    evaluated.push({ seed, evaluation: await evaluate(place, options) });
  }
  const [{ evaluation }] = evaluated as [(typeof evaluated)[number]];
  return {
    model: evaluation.model,
    dataset: evaluation.dataset,
    level: evaluation.level,
    runs: evaluated.map(({ seed, evaluation: { run: id } }) => ({ seed, run: id })),
    protocols: collate(
      evaluated.map(({ seed, evaluation: one }) => ({
        seed,
        measured: [{ ...one, label: 'frozen' }, ...one.replays],
      })),
    ),
  };
}

/** Finished runs of its folder by the same program, recipe and data, the last of each seed. */
function sameButSeed(run: RunPlace) {
  const code = (path: string): string => readProvenance(path).limaml.code;
  const runs = runsIn(dirname(run.path))
    .filter(({ path }) => runState(path) === 'finished' && code(path) === code(run.path))
    .map((place) => {
      const config = readRunConfig(place.path);
      return { id: place.id, seed: config.recipe.seed, config, place };
    });
  const alike = [...byRecipe(runs).values()].find((group) => group.some(({ id }) => id === run.id));
  return onePerSeed(alike ?? []);
}

// The share of one of two heads in what is scored, chosen on validation rows once the epoch is.
import { loadSource } from '../engine/features/load-source.js';
import { copyState, type ModelState } from '../engine/model-state.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import type { Model } from '../models/contract/definition.js';
import { SELECT_ROLES } from '../scoring/learning-rows.js';
import type { TrainInputs } from './train-inputs.js';
import { scoreValidation } from './validate.js';

export interface ChosenShare {
  readonly share: number;
  /** The metric that chooses epochs, as larger is better: with the share, and with the one that stays where none is better. */
  readonly score: number;
  readonly before: number;
}

/** Probabilities are 32-bit: nearer to 0 or 1 than this they say no logit. */
const NEAREST = 1e-7;

/**
 * The trained numbers with the share that is best on validation rows, and what it is; undefined for a model without. Two passes over the
 * rows, whatever the number of shares: with the share s a row's logit is (1 − s) · (its logit at 0) + s · (its logit at 1).
 */
export async function withChosenShare(
  inputs: TrainInputs,
  trained: ModelState,
): Promise<{ readonly state: ModelState; readonly chosen: ChosenShare } | undefined> {
  const { model, dataset, execution, metrics, progress } = inputs;
  const grid = model.headShare;
  if (grid === undefined) return undefined;
  const state = copyState(trained);
  const value = state.parameters.get(grid.parameter)!;
  const source = await loadSource(dataset, SELECT_ROLES.learn);
  const runner = await openRunner(model, state, execution, programsToScore(model));
  try {
    value.fill(0);
    const { label, entity, probability: none } = await scoreValidation(inputs, source, runner);
    value.fill(1);
    const { probability: all } = await scoreValidation(inputs, source, runner);
    const [from, to] = [none.map(logit), all.map(logit)];
    const tried = grid.values.map((share) => {
      const probability = from.map((zero, row) => 1 / (1 + Math.exp(-(zero + share * (to[row]! - zero)))));
      return { share, score: metrics.measure(label, probability, entity).score };
    });
    const before = tried[0]!.score;
    const best = tried.reduce((held, next) => (next.score > held.score ? next : held));
    value.fill(best.share);
    progress({
      kind: 'note',
      text: `${model.name}: share of the ids head ${best.share}, of ${grid.values.length} the best on validation rows (score ${best.score.toFixed(4)}; ${before.toFixed(4)} with ${tried[0]!.share})`,
    });
    return { state, chosen: { ...best, before } };
  } finally {
    await runner.close();
  }
}

function logit(probability: number): number {
  const inside = Math.min(1 - NEAREST, Math.max(NEAREST, probability));
  return Math.log(inside / (1 - inside));
}

/** A training from fresh numbers takes the share that was chosen before it. */
export function takeShare(model: Model, to: ModelState, from: ModelState | undefined): void {
  const name = model.headShare?.parameter;
  if (name !== undefined && from !== undefined) to.parameters.get(name)!.set(from.parameters.get(name)!);
}

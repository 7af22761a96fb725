// The support that a trained model is scored with, and the placebo that training may ask for.
import { entityPart, type Model } from '../models/contract/definition.js';
import type { RowRoles } from './learning-rows.js';
import { lastN, ofSplits, type SupportPolicy, type SupportStep, shuffled, supportPolicy } from './support.js';

/** Of the options of training, the one that reaches supports. */
export interface PlaceboOption {
  /** Support labels are shuffled within each entity. */
  readonly shuffleSupport: boolean;
}

/** The last step of every policy of a run: nothing, or the placebo. */
export function placebo({ shuffleSupport }: PlaceboOption, seed: number): readonly SupportStep[] {
  return shuffleSupport ? [shuffled(seed)] : [];
}

/** The latest rows that the model adapts on, of the splits that may be support. */
export function servedSupport(
  model: Model,
  roles: RowRoles,
  training: PlaceboOption,
  seed: number,
): SupportPolicy {
  const part = entityPart(model);
  return part === undefined
    ? supportPolicy(ofSplits(roles.support))
    : supportPolicy(ofSplits(roles.support), lastN(part.maxSupport), ...placebo(training, seed));
}

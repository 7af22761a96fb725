// The support that a trained model is scored with, and the placebo that training may ask for.

import { type Model, supportUse } from '../models/contract/definition.js';
import { SPLIT } from '../prepared/format.js';
import type { RowRoles } from './learning-rows.js';
import { FROZEN, knownUnder, type Replay } from './replay.js';
import {
  labelsOfAnyone,
  lastN,
  onlyBefore,
  type SupportPolicy,
  type SupportStep,
  shuffled,
  supportPolicy,
} from './support.js';

/** Of the options of training, the one that reaches supports. */
export interface PlaceboOption {
  /** Support labels are shuffled within each entity, or drawn from events of all members. */
  readonly shuffleSupport: boolean | 'members';
}

/** The last step of every policy of a run: nothing, or the placebo. */
export function placebo({ shuffleSupport }: PlaceboOption, seed: number): readonly SupportStep[] {
  if (shuffleSupport === 'members') return [labelsOfAnyone(seed)];
  return shuffleSupport ? [shuffled(seed)] : [];
}

/** The latest rows that the model adapts on, or reads, of those that are known of the entity when rows of `target` are scored. */
export function servedSupport(
  model: Model,
  roles: RowRoles,
  training: PlaceboOption,
  seed: number,
  { replay, target }: { readonly replay: Replay; readonly target: number } = {
    replay: FROZEN,
    target: SPLIT.test,
  },
): SupportPolicy {
  const use = supportUse(model);
  return use === undefined
    ? countedSupport(roles, target, replay)
    : supportPolicy(...knownUnder(roles, target, replay), lastN(use.maxSupport), ...placebo(training, seed));
}

/** What is known of an entity where it is only counted: of a split at random, which no model adapts on, the rows before the instant. */
export function countedSupport(roles: RowRoles, target: number, replay: Replay): SupportPolicy {
  const [source, ...steps] = knownUnder(roles, target, replay);
  return supportPolicy(onlyBefore(source), ...steps);
}

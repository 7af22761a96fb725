// What a phase of training ends with.
import type { ModelState } from '../engine/model-state.js';
import type { BestEpoch } from './training-state.js';

/** What choosing the epoch has found. */
export interface Selected {
  readonly best: BestEpoch;
  readonly epochs: number;
  /** Validation scores, one an epoch. */
  readonly scores: readonly number[];
}

export interface PhaseResult extends Omit<Selected, 'best'> {
  readonly state: ModelState;
  readonly best: BestEpoch | undefined;
}

// Where a training stands: what it has reached, and all that is needed to go on from there.
import type { ModelState } from '../engine/model-state.js';
import type { OptimizerState } from './step.js';
import type { ValidationMetrics } from './validate.js';

export type Phase = 'select' | 'refit';

/** One line of metrics.jsonl. */
export interface EpochRecord {
  readonly phase: Phase;
  readonly epoch: number;
  /** Mean training loss over the epoch's batches. */
  readonly loss: number;
  /** Absent while refitting: no rows are held out then. */
  readonly valid?: ValidationMetrics;
  /** Inner rate chosen on the validation rows, for models that do not learn it. */
  readonly innerRate?: number;
}

/** Everything needed to go on as if nothing had happened. */
export interface TrainingState {
  readonly phase: Phase;
  /** Epochs done in this phase. */
  readonly epoch: number;
  /** Epochs it took to choose; while choosing, those done so far. */
  readonly selectEpochs: number;
  readonly state: ModelState;
  readonly optimizer: OptimizerState;
  readonly best: BestEpoch | undefined;
  /** Validation scores of the epochs of choosing, in their order. */
  readonly scores: readonly number[];
}

export interface BestEpoch {
  readonly epoch: number;
  readonly metrics: ValidationMetrics;
  readonly innerRate: number | undefined;
  readonly state: ModelState;
}

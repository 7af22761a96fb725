// What a training is given.
import type { Progress } from '../progress.js';
import type { Replay } from '../scoring/replay.js';
import type { SupportRecord } from './support-shares.js';
import type { EpochRecord, TrainingState } from './training-state.js';
import type { ValidationInputs } from './validate.js';

export interface TrainInputs extends ValidationInputs {
  /** How the model will be served: what supports its training episodes have follows from it. */
  readonly replay: Replay;
  readonly progress: Progress;
  /** Called after every epoch; what it stores is what a resumed run starts from. */
  readonly onEpoch: (record: EpochRecord, resumeFrom: TrainingState) => Promise<void>;
  /** Called before the first epoch, of a model that learns by episodes. */
  readonly onSupports?: (record: SupportRecord) => Promise<void>;
  readonly resumeFrom?: TrainingState;
}

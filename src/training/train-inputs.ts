// What a training is given.
import type { ExecutionConfig } from '../engine/execution-config.js';
import type { Model } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import type { Replay } from '../scoring/replay.js';
import type { TrainingConfig } from './config.js';
import type { SupportRecord } from './support-shares.js';
import type { EpochRecord, TrainingState } from './training-state.js';
import type { FollowedMetrics } from './validate.js';

export interface TrainInputs {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly training: TrainingConfig;
  readonly execution: ExecutionConfig;
  readonly seed: number;
  readonly metrics: FollowedMetrics;
  /** How the model will be served: what supports its training episodes have follows from it. */
  readonly replay: Replay;
  readonly progress: Progress;
  /** Called after every epoch; what it stores is what a resumed run starts from. */
  readonly onEpoch: (record: EpochRecord, resumeFrom: TrainingState) => Promise<void>;
  /** Called before the first epoch, of a model that learns by episodes. */
  readonly onSupports?: (record: SupportRecord) => Promise<void>;
  readonly resumeFrom?: TrainingState;
}

// What an experiment needs of training: one function, so that runs can be tested without training anything.
import type { ChosenModel, Recipe } from '../config/recipe-schema.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import type { EpochRecord } from '../training/train.js';

export interface TrainTask {
  readonly dataset: PreparedDataset;
  readonly model: ChosenModel;
  readonly features: Recipe['features'];
  readonly training: Recipe['training'];
  readonly execution: Recipe['execution'];
  readonly seed: number;
  /** Folder of the checkpoint: what a resumed training starts from while it lasts, the trained model at the end. */
  readonly checkpoint: string;
  readonly resume: boolean;
  readonly progress: Progress;
  /** Told of every epoch before its checkpoint is written. */
  readonly onEpoch: (record: EpochRecord) => Promise<void>;
  /** Told once, when resuming, of the last epoch that the checkpoint holds; null when it holds none. */
  readonly onResume: (last: Pick<EpochRecord, 'phase' | 'epoch'> | null) => Promise<void>;
}

export interface TrainedModel {
  /** The chosen epoch and its validation AUC; null when the validation rows hold one class only. */
  readonly best: { readonly epoch: number; readonly auc: number | null };
}

export type Trainer = (task: TrainTask) => Promise<TrainedModel>;

// What a check of the contract works on: a model, its data, and one training of it that checks share.
import type { Model, ModelDefinition } from '../../models/contract/definition.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import type { TrainResult } from '../../training/train.js';

export interface Subject {
  readonly definition: ModelDefinition;
  readonly dataset: PreparedDataset;
  /** Built on the data set, small. */
  readonly model: Model;
  /** A short training (SHORT), the same for every check. */
  readonly trained: () => Promise<TrainResult>;
}

/** One thing that a model must do; throws an AssertionError that says what it did instead. */
export interface Check {
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

// What a check of the contract works on: a model, its data, and one training of it that checks share.
import type { ModelState } from '../../engine/model-state.js';
import type { Model, ModelDefinition } from '../../models/contract/definition.js';
import type { PreparedDataset } from '../../prepared/dataset.js';

export interface Subject {
  readonly definition: ModelDefinition;
  readonly dataset: PreparedDataset;
  /** Built on the data set, small. */
  readonly model: Model;
  /** After a short training, the same for every check. */
  readonly trained: () => Promise<ModelState>;
}

/** One thing that a model must do; throws an AssertionError that says what it did instead. */
export interface Check {
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

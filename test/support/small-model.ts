// A registered model by its name, with options for small data.
import type { Model } from '../../src/models/contract/definition.js';
import { findModel } from '../../src/models/registry.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { buildSmall } from '../../src/testing/subject/small-training.js';

export function smallModel(name: string, dataset: PreparedDataset, options: object = {}): Model {
  return buildSmall(findModel(name), dataset, options);
}

// The real trainer: builds the registry's model on the prepared data, trains it, keeps its checkpoint.

import type { ChosenModel, Recipe } from '../config/recipe-schema.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import type { Model } from '../models/definition.js';
import { modelInputs } from '../models/model-inputs.js';
import { findModel } from '../models/registry.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { loadTrainingState, saveModel, saveTrainingState } from '../training/checkpoint.js';
import { trainModel } from '../training/train.js';
import type { Trainer } from './trainer.js';
import { validationMetric } from './validation-metric.js';

/** The model that a recipe means, on the features it names. Throws FEATURE_UNKNOWN. */
export function buildModel(
  model: ChosenModel,
  features: Recipe['features'],
  dataset: PreparedDataset,
): Model {
  const definition = findModel(model.name);
  return definition.build(definition.config.parse(model.config), modelInputs(dataset.manifest, features));
}

/** A trainer that follows the metrics as the recipe's evaluation defines them. */
export function modelTrainer(weights: EvaluationConfig['groupAuc']): Trainer {
  return async (task) => {
    const { dataset, checkpoint, training, execution, seed, progress } = task;
    const model = buildModel(task.model, task.features, dataset);
    const resumeFrom = task.resume ? await loadTrainingState(checkpoint, model) : undefined;
    if (task.resume) await task.onResume(resumeFrom ?? null);
    const result = await trainModel({
      model,
      dataset,
      training,
      execution,
      seed,
      metric: validationMetric(weights),
      progress,
      onEpoch: async (record, state) => {
        await task.onEpoch(record);
        await saveTrainingState(checkpoint, model, state);
      },
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    });
    await saveModel(checkpoint, model, result.state);
    return { best: { epoch: result.best.epoch, auc: result.best.metrics.auc } };
  };
}

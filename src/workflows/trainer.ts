// What a run needs of training: one function, so that runs can be tested without training anything; and the real one.
import { type ChosenModel, chosenModel, type Recipe } from '../config/recipe-schema.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import { replayTimes } from '../evaluation/config/replay-config.js';
import type { MetricEntry } from '../evaluation/metrics/metric.js';
import { METRICS } from '../evaluation/metrics/registry.js';
import { followedMetrics } from '../evaluation/row-metrics.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import {
  loadTrainingState,
  type SavedTraining,
  saveModel,
  saveTrainingState,
} from '../training/checkpoint.js';
import type { ChosenShare } from '../training/choose-share.js';
import type { SupportRecord } from '../training/support-shares.js';
import { trainModel } from '../training/train.js';
import type { EpochRecord } from '../training/training-state.js';
import { buildModel } from './run-model.js';

interface TrainTask {
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
  /** Told of every epoch before its checkpoint is written; says what the run's log is by then, which the checkpoint keeps. */
  readonly onEpoch: (record: EpochRecord) => Promise<string>;
  /** Told before the first epoch, of a model that learns by episodes, which supports its episodes have. */
  readonly onSupports: (record: SupportRecord) => Promise<void>;
  /** Told once, when resuming, of the last epoch that the checkpoint holds and of what `onEpoch` said then; null when it holds none. */
  readonly onResume: (last: LastEpoch | null) => Promise<void>;
}

/** What of a recipe a training takes: the same whenever it is trained, and trained again. */
export function learnedBy(
  recipe: Recipe,
): Pick<TrainTask, 'model' | 'features' | 'training' | 'execution' | 'seed'> {
  const { features, training, execution, seed } = recipe;
  return { model: chosenModel(recipe), features, training, execution, seed };
}

interface LastEpoch extends Pick<EpochRecord, 'phase' | 'epoch'> {
  readonly log: string;
}

interface TrainedModel {
  /** The chosen epoch and its validation AUC; null when the validation rows hold one class only. */
  readonly best: { readonly epoch: number; readonly auc: number | null };
  /** Of two heads, where validation rows weigh them. */
  readonly headShare?: ChosenShare | undefined;
}

export type Trainer = (task: TrainTask) => Promise<TrainedModel>;

/** A trainer that follows the metrics as the recipe's evaluation defines them. */
export function modelTrainer(config: EvaluationConfig, registry: readonly MetricEntry[] = METRICS): Trainer {
  return async (task) => {
    const { dataset, checkpoint, training, execution, seed, progress } = task;
    const model = buildModel(task.model, task.features, dataset);
    const saved = task.resume ? await loadTrainingState(checkpoint, model) : undefined;
    if (task.resume) await task.onResume(saved === undefined ? null : lastEpoch(saved));
    const result = await trainModel({
      model,
      dataset,
      training,
      execution,
      seed,
      replay: replayTimes(config.replay),
      metrics: followedMetrics(registry, config, training.metric),
      progress,
      onSupports: task.onSupports,
      onEpoch: async (record, state) => {
        const log = await task.onEpoch(record);
        await saveTrainingState(checkpoint, model, state, log);
      },
      ...(saved === undefined ? {} : { resumeFrom: saved.state }),
    });
    await saveModel(checkpoint, model, result.state);
    const { best, headShare } = result;
    return {
      best: { epoch: best.epoch, auc: best.metrics['auc'] ?? null },
      ...(headShare === undefined ? {} : { headShare }),
    };
  };
}

function lastEpoch({ state: { phase, epoch }, log }: SavedTraining): LastEpoch {
  return { phase, epoch, log };
}

// Training runs small enough for tests, and what they score.

import { type ExecutionConfig, executionSchema } from '../../engine/execution-config.js';
import { loadSource } from '../../engine/features/load-source.js';
import type { ModelState } from '../../engine/model-state.js';
import { programsToScore } from '../../engine/programs/program-key.js';
import { openRunner } from '../../engine/runner/open-runner.js';
import { auc } from '../../evaluation/metrics/auc.js';
import type { Model, ModelDefinition } from '../../models/contract/definition.js';
import { modelInputs } from '../../models/contract/model-inputs.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import { SPLIT } from '../../prepared/format.js';
import { silent } from '../../progress.js';
import { rolesAfter } from '../../scoring/learning-rows.js';
import { FROZEN } from '../../scoring/replay.js';
import { type ScoreOptions, scoreSplit } from '../../scoring/score.js';
import { servedSupport } from '../../scoring/served-support.js';
import { type TrainingConfig, trainingSchema } from '../../training/config.js';
import { type TrainResult, trainModel } from '../../training/train.js';
import type { TrainInputs } from '../../training/train-inputs.js';
import { smallOptions } from './small-options.js';

/** A model with options for small data, `options` laid over them. */
export function buildSmall(
  definition: ModelDefinition,
  dataset: PreparedDataset,
  options: object = {},
): Model {
  return definition.build(
    definition.config.parse(smallOptions(definition, options)),
    modelInputs(dataset.manifest, {}),
  );
}

/** Of the training that checks share, and of what they hold against it. */
export const SHORT = { epochs: 2 };

export function smallTraining(options: Partial<TrainingConfig> = {}): TrainingConfig {
  return trainingSchema.parse({ epochs: 3, ...options });
}

/** In the main thread unless said otherwise. */
export function smallExecution(options: Partial<ExecutionConfig> = {}): ExecutionConfig {
  return executionSchema.parse({ workers: 0, ...options });
}

const testMetrics: TrainInputs['metrics'] = {
  titles: { auc: 'AUC', logLoss: 'log loss' },
  measure: (label, probability) => {
    const logLoss = label.reduce(
      (total, y, i) => total - Math.log(y === 1 ? probability[i]! : 1 - probability[i]!),
      0,
    );
    const { value } = auc(label, probability);
    return { values: { auc: value, logLoss }, score: value ?? -logLoss };
  },
};

export function train(
  model: Model,
  dataset: PreparedDataset,
  training: TrainingConfig,
  more: Partial<TrainInputs> = {},
): Promise<TrainResult> {
  return trainModel({
    model,
    dataset,
    training,
    execution: smallExecution(),
    seed: 7,
    metrics: testMetrics,
    replay: FROZEN,
    progress: silent,
    onEpoch: async () => {},
    ...more,
  });
}

/** Test probabilities by shard row order, with labels. */
export async function scoreTest(
  model: Model,
  dataset: PreparedDataset,
  state: ModelState,
  {
    refitted = false,
    placeboSeed,
    ...options
  }: Partial<ScoreOptions> & {
    readonly refitted?: boolean;
    /** Support labels shuffled by this seed. */
    readonly placeboSeed?: number;
  } = {},
): Promise<{ label: Uint8Array; probability: Float64Array; auc: number | null }> {
  const roles = rolesAfter({ refit: refitted });
  const shuffleSupport = placeboSeed !== undefined;
  const support = servedSupport(model, roles, { shuffleSupport }, placeboSeed ?? 0);
  const runner = await openRunner(model, state, smallExecution(), programsToScore(model));
  const label: number[] = [];
  const probability: number[] = [];
  try {
    const source = await loadSource(dataset, roles.learn);
    const parts = scoreSplit(model, dataset, source, runner, SPLIT.test, {
      tileRows: 512,
      support,
      ...options,
    });
    for await (const part of parts)
      part.rows.forEach((row, i) => {
        label.push(part.shard.label[row]!);
        probability.push(part.probability[i]!);
      });
  } finally {
    await runner.close();
  }
  const labels = Uint8Array.from(label);
  const scores = Float64Array.from(probability);
  return { label: labels, probability: scores, auc: auc(labels, scores).value };
}

/** All numbers of a state as one list of bytes, for comparing runs. */
export function bytesOf(state: ModelState): Buffer {
  const parts = [...state.parameters, ...state.tables].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(parts.map(([, values]) => Buffer.from(new Uint8Array(values.slice().buffer))));
}

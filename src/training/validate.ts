// Scores the validation rows after an epoch.

import type { ExecutionConfig } from '../engine/execution-config.js';
import type { FeatureSource } from '../engine/features/feature-source.js';
import type { ModelState } from '../engine/model-state.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import type { Model } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import { SELECT_ROLES } from '../scoring/learning-rows.js';
import { type Replay, replayWindows } from '../scoring/replay.js';
import { scoreSplit } from '../scoring/score.js';
import { servedSupport } from '../scoring/served-support.js';
import type { TrainingConfig } from './config.js';

/** Values by the name of the metric; null where undefined (one class only). */
export type MetricValues = Readonly<Record<string, number | null>>;

/** What is followed on validation rows; given by the caller, since metrics live above training. */
export interface FollowedMetrics {
  /** What each is called in text, by its name. */
  readonly titles: Readonly<Record<string, string>>;
  /**
   * Metrics of scored rows: label 0/1, probability, entity index, each [rows].
   * `score`: the one that chooses the epoch, as "larger is better".
   */
  readonly measure: (
    label: Uint8Array,
    probability: Float64Array,
    entity: Int32Array,
  ) => { readonly values: MetricValues; readonly score: number };
}

/** The values, and the score among them. */
export type ValidationMetrics = MetricValues & { readonly score: number };

export interface ValidationInputs {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly training: TrainingConfig;
  readonly execution: ExecutionConfig;
  readonly seed: number;
  readonly metrics: FollowedMetrics;
  /** How the model will be served; nothing is trained again while validation rows go by. */
  readonly replay: Replay;
}

/** Validation metrics; a model with a rate grid tries every rate, and `state` is left at the best one. */
export async function validate(
  inputs: ValidationInputs,
  source: FeatureSource,
  runner: TileRunner,
  state: ModelState,
): Promise<{ metrics: ValidationMetrics; innerRate: number | undefined }> {
  const grid = inputs.model.rateGrid;
  if (grid === undefined) return { metrics: await score(inputs, source, runner), innerRate: undefined };
  const rate = state.parameters.get(grid.parameter)!;
  let best: { metrics: ValidationMetrics; innerRate: number } | undefined;
  for (const value of grid.values) {
    rate.fill(value);
    const metrics = await score(inputs, source, runner);
    if (best === undefined || metrics.score > best.metrics.score) best = { metrics, innerRate: value };
  }
  rate.fill(best!.innerRate);
  return best!;
}

async function score(
  inputs: ValidationInputs,
  source: FeatureSource,
  runner: TileRunner,
): Promise<ValidationMetrics> {
  const { label, probability, entity } = await scoreValidation(inputs, source, runner);
  const { values, score: chosen } = inputs.metrics.measure(label, probability, entity);
  return { ...values, score: chosen };
}

/** Label, probability and entity index of every validation row, as the model will be served: vectors go as the replay says. */
export async function scoreValidation(
  { model, dataset, execution, seed, training, replay }: ValidationInputs,
  source: FeatureSource,
  runner: TileRunner,
): Promise<{
  readonly label: Uint8Array;
  readonly probability: Float64Array;
  readonly entity: Int32Array;
}> {
  const rows = dataset.manifest.splits.valid.rows;
  const label = new Uint8Array(rows);
  const probability = new Float64Array(rows);
  const entity = new Int32Array(rows);
  let at = 0;
  const refreshed = { ...replay, retrainMs: undefined };
  const scored = scoreSplit(model, dataset, source, runner, SPLIT.valid, {
    tileRows: execution.tileRows,
    support: servedSupport(model, SELECT_ROLES, training, seed, { replay: refreshed, target: SPLIT.valid }),
    windows: replayWindows(refreshed),
  });
  for await (const part of scored) {
    part.rows.forEach((row, i) => {
      label[at + i] = part.shard.label[row]!;
      entity[at + i] = part.shard.entity[row]!;
    });
    probability.set(part.probability, at);
    at += part.rows.length;
  }
  return { label, probability, entity };
}

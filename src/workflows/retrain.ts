// A run's model trained again on all that came before an instant, kept in the run's folder and taken up where it was stopped.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { replayTimes } from '../evaluation/config/replay-config.js';
import { METRICS } from '../evaluation/metrics/registry.js';
import { followedMetrics } from '../evaluation/row-metrics.js';
import { hashJson } from '../hash.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { readDone } from '../runs/done.js';
import { readMetrics } from '../runs/metrics-log.js';
import { datasetAsOf } from '../scoring/as-of.js';
import { rolesAfter } from '../scoring/learning-rows.js';
import { loadModel, loadTrainingState, saveModel, saveTrainingState } from '../training/checkpoint.js';
import { retrainModel } from '../training/train.js';
import type { NamedRun } from './named-run.js';
import { loadRunModel, type RunModel } from './run-model.js';

export interface RetrainedModel extends RunModel {
  /** The data it learned from: everything before the instant. */
  readonly learned: PreparedDataset;
}

/** The model as it would be at the instant `until`, in milliseconds: of the run's recipe, seed and number of epochs. */
export async function retrainedModel(
  dataset: PreparedDataset,
  { name, path, config }: NamedRun,
  until: number,
  progress: Progress,
): Promise<RetrainedModel> {
  const { recipe, key } = config;
  const { training, execution, seed, evaluation } = recipe;
  const learned = await datasetAsOf(dataset, until);
  const { model, state } = await loadRunModel(path, config, dataset);
  const roles = rolesAfter({ refit: true });
  const folder = join(path, 'retrained', `${stamp(until)}-${hashJson({ key, until }).slice(0, 6)}`);
  if (existsSync(join(folder, 'model.safetensors'))) {
    progress({ kind: 'note', text: `${name} as of ${new Date(until).toISOString()} was trained before` });
    return { model, state: await loadModel(folder, model), roles, learned };
  }
  await mkdir(folder, { recursive: true });
  const chosen = readMetrics(path).filter(({ phase }) => phase === 'select');
  const { epoch } = readDone(path).best;
  const { valid, innerRate } = chosen.find((record) => record.epoch === epoch)!;
  const saved = await loadTrainingState(folder, model);
  progress({ kind: 'stage', name: `train ${name} as of ${new Date(until).toISOString()}` });
  const retrained = await retrainModel(
    {
      model,
      dataset: learned,
      training,
      execution,
      seed,
      replay: replayTimes(evaluation.replay),
      metrics: followedMetrics(METRICS, evaluation, training.metric),
      progress,
      onEpoch: (_, reached) => saveTrainingState(folder, model, reached),
      ...(saved === undefined ? {} : { resumeFrom: saved.state }),
    },
    {
      best: { epoch, metrics: valid!, innerRate, state },
      epochs: chosen.length,
      scores: chosen.map((record) => record.valid!.score),
    },
  );
  await saveModel(folder, model, retrained);
  return { model, state: retrained, roles, learned };
}

/** `20260802T141502Z` */
const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

/** A model that learned from rows after the scored ones would know more than those that follow it. Throws RETRAIN_NOT_BY_TIME. */
export function checkLearnedBefore({ manifest: { splits }, path }: PreparedDataset): void {
  const last = Math.max(
    splits.train.toMs ?? Number.NEGATIVE_INFINITY,
    splits.valid.toMs ?? Number.NEGATIVE_INFINITY,
  );
  if (last <= (splits.test.fromMs ?? Number.POSITIVE_INFINITY)) return;
  throw new UserError({
    code: 'RETRAIN_NOT_BY_TIME',
    where: path,
    what: `Training rows reach ${new Date(last).toISOString()}, and test rows begin before: a model trained again on what came before would know less than the one before it.`,
    next: 'Take a split by time (global-time), or evaluation.replay.retrain: none.',
  });
}

// Models trained again while the rows go by: which rows they score, that they are kept, and taken up where they were stopped.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { replayConfig } from '../../src/evaluation/config/replay-config.js';
import { type ProgressEvent, silent } from '../../src/progress.js';
import { readRunConfig } from '../../src/runs/config.js';
import { findRun } from '../../src/runs/find.js';
import { type EvalRunRequest, evalRun } from '../../src/workflows/evaluate.js';
import { trainRun } from '../../src/workflows/train.js';
import { modelTrainer } from '../../src/workflows/trainer.js';
import { readParquet } from '../support/read-parquet.js';
import { smallRequest, temporaryFolder } from './small-experiment.js';

const trainer = modelTrainer(evaluationConfig.parse({}));

/** A trained run of the planted log, whose test rows come one a second, at seconds 1016 to 1019, for everybody. */
async function trained(): Promise<EvalRunRequest> {
  const cwd = await temporaryFolder();
  const training = await smallRequest(cwd, { trainer });
  const run = findRun((await trainRun(training)).run, cwd, training.progress);
  const config = readRunConfig(run.path);
  const { evaluation } = config.recipe;
  return { ...training, run, config, baselines: ['deep'], evaluation, cwd, skipCurves: true };
}

const retrain = replayConfig.parse({ retrain: '2s' });

it('scores each period with the model of its beginning, for every model named', async () => {
  const request = await trained();
  const notes: string[] = [];
  const progress = (event: ProgressEvent): void => {
    if (event.kind === 'note') notes.push(event.text);
  };
  const first = await evalRun({ ...request, replays: [retrain] });
  const [replay] = first.replays;
  expect(replay!.label).toBe('retrain=2s');
  const rows = await readParquet(first.scores);
  const same = (model: string, from: number, to: number) =>
    new Set(
      rows
        .filter(({ timestamp }) => Number(timestamp) >= from && Number(timestamp) < to)
        .map((row) => row[model] === row[`${model}@retrain=2s`]),
    );
  expect(same('deep', 1_016_000, 1_018_000)).toEqual(new Set([true]));
  expect(same('deep', 1_018_000, 1_020_000)).toEqual(new Set([false]));
  expect(same('limaml', 1_018_000, 1_020_000)).toEqual(new Set([false]));
  expect(replay!.models.map(({ metrics }) => metrics['groupAuc']!.detail)).toMatchObject([
    { entitiesOfSampledPairs: 0 },
    { entitiesOfSampledPairs: 0 },
    {},
  ]);
  for (const { path } of [request.run, findRun(first.models[1]!.run, request.cwd, request.progress)]) {
    const kept = await readdir(join(path, 'retrained'));
    expect(kept).toEqual([expect.stringMatching(/^19700101T001658Z-[0-9a-f]{6}$/)]);
    expect(await readdir(join(path, 'retrained', kept[0]!))).toEqual(['model.safetensors']);
  }
  const again = await evalRun({ ...request, replays: [retrain], progress });
  expect(again).toEqual(first);
  expect(notes.filter((text) => text.includes('was trained before'))).toHaveLength(2);
  // Refreshed besides, the same two models: every row once, and pairs of the model that adapts nothing too.
  const both = await evalRun({ ...request, replays: [{ ...retrain, refresh: 'event' }] });
  expect(both.replays[0]!.label).toBe('refresh=event,retrain=2s');
  const value = (of: typeof first, model: number, metric: string) =>
    of.replays[0]!.models[model]!.metrics[metric]!.value;
  expect(value(both, 1, 'auc')).toBe(value(first, 1, 'auc'));
  expect(value(both, 1, 'groupAuc')).toBe(value(first, 1, 'groupAuc'));
  expect(value(both, 0, 'auc')).not.toBe(value(first, 0, 'auc'));
  // A delay holds the last second back: another model, beside the first.
  await evalRun({ ...request, replays: [{ ...retrain, delay: '1s' }] });
  expect(await readdir(join(request.run.path, 'retrained'))).toHaveLength(2);
});

it('goes on from the last epoch, to the same bytes', async () => {
  const request = { ...(await trained()), baselines: [], replays: [retrain] };
  await evalRun(request);
  const folder = join(request.run.path, 'retrained');
  const [name] = await readdir(folder);
  const file = join(folder, name!, 'model.safetensors');
  const whole = await readFile(file);
  await rm(folder, { recursive: true });
  let epochs = 0;
  const stopping = (event: ProgressEvent): void => {
    if (event.kind === 'epoch' && ++epochs === 2) throw new Error('stopped');
  };
  const { epoch } = JSON.parse(await readFile(join(request.run.path, 'DONE'), 'utf8')).best;
  if (epoch > 1) {
    await expect(evalRun({ ...request, progress: stopping })).rejects.toThrow('stopped');
    expect(await readdir(join(folder, name!))).toEqual(['resume.safetensors']);
  }
  await evalRun({ ...request, progress: silent });
  expect((await readFile(file)).equals(whole)).toBe(true);
});

it('refuses data whose training rows reach past the first test row', async () => {
  const request = { ...(await trained()), baselines: [], replays: [retrain] };
  const { manifest } = request.dataset;
  const { valid } = manifest.splits;
  const splits = { ...manifest.splits, valid: { ...valid, toMs: 1_016_001 } };
  const dataset = { ...request.dataset, manifest: { ...manifest, splits } };
  await expect(evalRun({ ...request, dataset })).rejects.toMatchObject({ code: 'RETRAIN_NOT_BY_TIME' });
});

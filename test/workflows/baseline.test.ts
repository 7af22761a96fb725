// What may stand beside an evaluated run: only what was trained on the same data and is what it was, under a name of its own.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { silent } from '../../src/progress.js';
import { readRunConfig } from '../../src/runs/config.js';
import { findRun } from '../../src/runs/find.js';
import type { RunPlace } from '../../src/runs/places.js';
import { type EvalRunRequest, evalRun } from '../../src/workflows/evaluate.js';
import { type TrainRunResult, trainRun } from '../../src/workflows/train.js';
import { modelTrainer } from '../../src/workflows/trainer.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallRequest, temporaryFolder } from './small-experiment.js';

const trainer = modelTrainer(evaluationConfig.parse({}));

async function trained(cwd: string, set: readonly string[] = [], hash?: string): Promise<TrainRunResult> {
  const request = await smallRequest(cwd, { trainer, set: ['training.epochs=1', ...set] });
  return trainRun(hash === undefined ? request : { ...request, dataset: { ...plantedDataset(), hash } });
}

async function request(cwd: string, run: RunPlace, baseline: string): Promise<EvalRunRequest> {
  const config = readRunConfig(run.path);
  const { evaluation } = config.recipe;
  const { command, dataset, progress, now } = await smallRequest(cwd, { trainer });
  // An hour after the trainings: a baseline that is trained now is newer than its run.
  const later = (): Date => new Date(now().getTime() + 3_600_000);
  const common = { command, dataset, progress, now: later, trainer, cwd, skipCurves: true };
  return { ...common, run, config, evaluation, baselines: [baseline] };
}

describe('a baseline', () => {
  it('of other data is refused', async () => {
    const cwd = await temporaryFolder();
    const run = findRun((await trained(cwd)).run, cwd, silent);
    const other = await trained(cwd, [], 'f'.repeat(64));
    await expect(evalRun(await request(cwd, run, other.run))).rejects.toMatchObject({
      code: 'EVAL_OTHER_DATA',
      where: `--baseline ${other.run}`,
      what: expect.stringContaining('ffffffffffff'),
    });
  });

  it('of the same model has a name of its own, so that no score column is lost', async () => {
    const cwd = await temporaryFolder();
    const run = findRun((await trained(cwd)).run, cwd, silent);
    const second = await trained(cwd, ['seed=2']);
    const { models, comparisons } = await evalRun(await request(cwd, run, second.run));
    expect(models.map(({ model }) => model)).toEqual(['limaml', `limaml@${second.run}`]);
    expect(models.map((model) => model.run)).toEqual([run.id, second.run]);
    const [own, other] = models.map(({ metrics }) => metrics['auc']!.value!);
    expect(own).not.toBe(other);
    expect(comparisons.find(({ metric }) => metric === 'auc')!.delta).toBeCloseTo(own! - other!);
  });

  it('that is trained for a run knows it, and is never the latest', async () => {
    const cwd = await temporaryFolder();
    const run = findRun((await trained(cwd)).run, cwd, silent);
    const { models } = await evalRun(await request(cwd, run, 'deep'));
    const baseline = findRun(models[1]!.run, cwd, silent);
    expect(baseline.id > run.id).toBe(true);
    expect(readRunConfig(baseline.path).baselineOf).toBe(run.id);
    expect(findRun('latest', cwd, silent).id).toBe(run.id);
  });

  it('and the run itself are verified before a row is scored', async () => {
    const cwd = await temporaryFolder();
    const run = findRun((await trained(cwd)).run, cwd, silent);
    const second = findRun((await trained(cwd, ['seed=2'])).run, cwd, silent);
    // A file that no evaluation reads.
    await appendFile(join(second.path, 'timings.jsonl'), '\n');
    const damaged = { code: 'RUN_DAMAGED', where: join(second.path, 'timings.jsonl') };
    await expect(evalRun(await request(cwd, run, second.id))).rejects.toMatchObject(damaged);
    await expect(evalRun(await request(cwd, second, run.id))).rejects.toMatchObject(damaged);
  });
});

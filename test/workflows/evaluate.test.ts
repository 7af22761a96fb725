// Evaluation of real models on a small planted data set: baselines are trained once and reused, scores can be recomputed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { auc } from '../../src/evaluation/metrics/auc.js';
import { hashFile } from '../../src/hash.js';
import { silent } from '../../src/progress.js';
import { readRunConfig } from '../../src/runs/config.js';
import { readEvaluation } from '../../src/runs/evaluation.js';
import { findRun } from '../../src/runs/find.js';
import { listRuns } from '../../src/runs/places.js';
import { readSupports } from '../../src/runs/supports.js';
import { type EvalRunRequest, evalRun } from '../../src/workflows/evaluate.js';
import { evaluationOf } from '../../src/workflows/evaluation-overrides.js';
import { trainRun } from '../../src/workflows/train.js';
import { modelTrainer } from '../../src/workflows/trainer.js';
import { readParquet } from '../support/read-parquet.js';
import { smallRequest, temporaryFolder } from './small-experiment.js';

const trainer = modelTrainer(evaluationConfig.parse({}));

async function evalRequest(cwd: string, id: string, baselines: readonly string[]): Promise<EvalRunRequest> {
  const request = await smallRequest(cwd, { trainer });
  const run = findRun(id, cwd, request.progress);
  const config = readRunConfig(run.path);
  return { ...request, run, config, baselines, evaluation: config.recipe.evaluation, cwd };
}

describe('an evaluation', () => {
  it('trains a missing baseline, reuses it afterwards, and writes scores from which its numbers follow', async () => {
    const cwd = await temporaryFolder();
    const { run } = await trainRun(await smallRequest(cwd, { trainer }));
    const first = await evalRun(await evalRequest(cwd, run, ['deep']));
    expect(listRuns(cwd)).toHaveLength(2);
    expect(first.models.map(({ model }) => model)).toEqual(['limaml', 'deep']);
    expect(first.models[0]!.run).toBe(run);

    const baseline = listRuns(cwd).find(({ id }) => id === first.models[1]!.run)!;
    const config = readRunConfig(baseline.path);
    expect(config.recipe.model).toMatchObject({ name: 'deep', hidden: [8], embedding: { size: 4 } });
    expect(config.origins).toMatchObject({
      'model.name': '--baseline deep',
      'model.hidden': 'recipe.yaml:4:22',
      'model.batchRows': 'default',
      'baselines.limaml.meta.size': 'recipe.yaml:3:69',
      'training.epochs': 'recipe.yaml:5:13',
    });
    // What was counted for its episodes is part of a run; a model that learns by rows has none.
    const found = readSupports(findRun(run, cwd, silent).path);
    expect(found?.counted).toEqual({ rows: 120, sizes: [0, 0, 0, 0, 0, 0] });
    expect(found?.used.sizes[0]).toBe(0.05);
    expect(readSupports(baseline.path)).toBeNull();
    // The baseline's own baselines hold limaml again, so each of the two can be compared with the other.
    expect(Object.keys(config.recipe.baselines)).toEqual(['limaml']);

    const rows = await readParquet(first.scores);
    expect(rows).toHaveLength(first.rows);
    expect(Object.keys(rows[0]!)).toEqual([
      'entity',
      'item',
      'timestamp',
      'label',
      'limaml',
      'deep',
      'history_length',
      'since_last_ms',
      'segment_age',
    ]);
    const label = Uint8Array.from(rows, (row) => Number(row['label']));
    for (const { model, metrics } of first.models)
      expect(
        auc(
          label,
          Float64Array.from(rows, (row) => Number(row[model])),
        ).value,
      ).toBe(metrics['auc']!.value);
    expect(new Set(rows.map((row) => row['segment_age']))).not.toContain(null);
    expect(rows[0]!['timestamp']).toBeInstanceOf(Date);

    const again = await evalRun(await evalRequest(cwd, run, ['deep']));
    expect(listRuns(cwd)).toHaveLength(2);
    expect(again).toEqual(first);
    const written = JSON.parse(await readFile(join(first.path, 'eval.json'), 'utf8'));
    expect(written).toMatchObject({ format: 'limaml-evaluation', version: 3 });
    expect(readEvaluation({ id: first.run, path: first.path })).toEqual(JSON.parse(JSON.stringify(first)));
    expect(written.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(first.files).toEqual({
      'scores.parquet': await hashFile(first.scores),
      'embedding-map.json': await hashFile(join(first.path, 'embedding-map.json')),
    });
  });

  it('of the placebo reuses a baseline that has no supports, and trains one anew that has', async () => {
    const cwd = await temporaryFolder();
    const { run } = await trainRun(await smallRequest(cwd, { trainer }));
    const first = await evalRun({ ...(await evalRequest(cwd, run, ['deep', 'finetune'])), skipCurves: true });
    const set = ['training.shuffleSupport=true'];
    const placebo = await trainRun(await smallRequest(cwd, { trainer, set }));
    const request = await evalRequest(cwd, placebo.run, ['deep', 'finetune']);
    const second = await evalRun({ ...request, skipCurves: true });
    const runs = (result: typeof first) => result.models.map((model) => model.run);
    expect(runs(second)[1]).toBe(runs(first)[1]);
    expect(runs(second)[2]).not.toBe(runs(first)[2]);
    expect(listRuns(cwd)).toHaveLength(5);
  });

  it('refuses what cannot be compared', async () => {
    const cwd = await temporaryFolder();
    const { run } = await trainRun(await smallRequest(cwd, { trainer }));
    await expect(evalRun(await evalRequest(cwd, run, [run]))).rejects.toMatchObject({
      code: 'EVAL_SAME_RUN',
    });
    await expect(evalRun(await evalRequest(cwd, run, ['widedep']))).rejects.toMatchObject({
      code: 'BASELINE_UNKNOWN',
      what: expect.stringContaining('Closest: "widedeep"'),
    });
    const request = await evalRequest(cwd, run, []);
    const evaluation = {
      ...request.evaluation,
      segments: { ...request.evaluation.segments, features: ['shoe size'] },
    };
    await expect(evalRun({ ...request, evaluation })).rejects.toMatchObject({ code: 'EVAL_UNKNOWN_FEATURE' });
    // What the run was trained with can no longer be changed; a whole section is no key of it.
    const late = ['training.epochs=2', 'evaluation.level=0.9', 'evaluation={}'];
    expect(() => evaluationOf(request.config, late)).toThrow(
      expect.objectContaining({
        errors: ['--set training.epochs=2', '--set evaluation={}'].map((where) =>
          expect.objectContaining({ code: 'OVERRIDE_TOO_LATE', where }),
        ),
      }),
    );
    expect(evaluationOf(request.config, [late[1]!]).level).toBe(0.9);
  });
});

describe('two trainings with one seed', () => {
  it('write equal bytes', async () => {
    const cwd = await temporaryFolder();
    const runs = [
      await trainRun(await smallRequest(cwd, { trainer })),
      await trainRun(await smallRequest(cwd, { trainer })),
    ];
    for (const file of ['checkpoint/model.safetensors', 'metrics.jsonl', 'config.json']) {
      const [first, second] = await Promise.all(runs.map(({ path }) => readFile(join(path, file))));
      expect(first!.equals(second!)).toBe(true);
      expect(first!.length).toBeGreaterThan(100);
    }
  });
});

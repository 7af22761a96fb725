// The life of a run folder: made, filled, sealed; failed and resumed; damaged and found out.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interrupt } from '../../src/interruption.js';
import type { ProgressEvent } from '../../src/progress.js';
import { readRunConfig } from '../../src/runs/config.js';
import { verifyRun } from '../../src/runs/folder.js';
import { readMetrics } from '../../src/runs/metrics-log.js';
import { runState } from '../../src/runs/state.js';
import { type TrainRunRequest, trainRun } from '../../src/workflows/train.js';
import { pretendTrainer, smallRequest, temporaryFolder } from './small-experiment.js';

const json = async (...path: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as Record<string, unknown>;

describe('a run', () => {
  it('holds its configuration with origins, its provenance, its metrics, and DONE with the hash of every file', async () => {
    const cwd = await temporaryFolder();
    const result = await trainRun(await smallRequest(cwd, { trainer: pretendTrainer(3), set: ['seed=7'] }));
    expect(result).toMatchObject({
      model: 'limaml',
      dataset: 'memory',
      seed: 7,
      epochs: 3,
      best: { epoch: 3, auc: 0.75 },
      resumed: false,
    });
    expect(result.run).toMatch(/^20260802-141503-[0-9a-f]{6}$/);
    expect((await readdir(result.path)).sort()).toEqual([
      'DONE',
      'checkpoint',
      'config.json',
      'metrics.jsonl',
      'provenance.json',
      'timings.jsonl',
    ]);
    expect(result.seconds).toBe(3);

    const config = readRunConfig(result.path);
    expect(config.recipe.training.epochs).toBe(2);
    expect(config.origins).toMatchObject({
      seed: '--set seed=7',
      'training.epochs': 'recipe.yaml:5:13',
      'training.clip': 'default',
    });
    expect(config.dataset).toMatchObject({ name: 'memory', hash: '0'.repeat(64) });

    expect(await json(result.path, 'provenance.json')).toMatchObject({
      command: ['train', 'recipe.yaml'],
      limaml: {
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        code: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      git: null,
      lockfile: { file: 'package-lock.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      dependencies: expect.objectContaining({
        zod: expect.any(String),
        'onnxruntime-node': expect.any(String),
      }),
      node: process.version,
      engine: { name: 'onnxruntime', version: expect.any(String), device: 'cpu', workers: 0 },
      dataset: { name: 'memory', hash: '0'.repeat(64) },
      recipe: { file: 'recipe.yaml', sha256: 'f'.repeat(64) },
      seed: 7,
    });

    const done = await verifyRun(result.path);
    expect(Object.keys(done.files)).toEqual([
      'checkpoint/model.safetensors',
      'config.json',
      'metrics.jsonl',
      'provenance.json',
      'timings.jsonl',
    ]);
    const metrics = await readFile(join(result.path, 'metrics.jsonl'), 'utf8');
    expect(metrics.split('\n')[0]).toBe('{"phase":"select","epoch":1,"loss":1}');
  });

  it('never takes the folder of another, even in the same second', async () => {
    const cwd = await temporaryFolder();
    const results = await Promise.all(
      [0, 1, 2].map(async () => trainRun(await smallRequest(cwd, { trainer: pretendTrainer(1) }))),
    );
    const [first] = results.map(({ run }) => run).sort();
    expect(results.map(({ run }) => run).sort()).toEqual([first, `${first}-2`, `${first}-3`]);
    expect((await readdir(join(cwd, 'experiments', 'small', 'runs'))).length).toBe(3);
  });

  it('names a file that is not what the run wrote', async () => {
    const { path } = await trainRun(
      await smallRequest(await temporaryFolder(), { trainer: pretendTrainer(1) }),
    );
    await writeFile(join(path, 'checkpoint', 'model.safetensors'), 'epoch 9');
    await expect(verifyRun(path)).rejects.toMatchObject({
      code: 'RUN_DAMAGED',
      where: join(path, 'checkpoint/model.safetensors'),
    });
  });
});

describe('a run that does not get to its end', () => {
  const failing = async (cwd: string): Promise<string> => {
    await expect(trainRun(await smallRequest(cwd, { trainer: pretendTrainer(3, 2) }))).rejects.toThrow(
      'the power went out',
    );
    const runs = join(cwd, 'experiments', 'small', 'runs');
    const [id] = await readdir(runs);
    return join(runs, id!);
  };
  const resume = async (cwd: string, options: object = {}): Promise<TrainRunRequest> =>
    smallRequest(cwd, { trainer: pretendTrainer(3), resume: true, ...options });

  it('is marked as failed with what stopped it, and is no finished run', async () => {
    const path = await failing(await temporaryFolder());
    expect(runState(path)).toBe('failed');
    expect(await json(path, 'FAILED')).toMatchObject({ message: 'the power went out' });
    await expect(verifyRun(path)).rejects.toMatchObject({ code: 'RUN_UNFINISHED' });
  });

  it('tells what stopped it even where that cannot be written down', async () => {
    const cwd = await temporaryFolder();
    const told: ProgressEvent[] = [];
    const request = await smallRequest(cwd, {
      trainer: async ({ checkpoint }) => {
        // As on a full disk: no FAILED can be written.
        await mkdir(join(checkpoint, '..', 'FAILED', 'taken'), { recursive: true });
        throw new Error('the power went out');
      },
    });
    await expect(trainRun({ ...request, progress: (event) => void told.push(event) })).rejects.toThrow(
      'the power went out',
    );
    expect(told).toEqual([expect.objectContaining({ kind: 'warning', code: 'RUN_NOT_MARKED' })]);
    const [id] = await readdir(request.runsFolder);
    expect(await readdir(join(request.runsFolder, id!))).not.toContain('RUNNING');
  });

  it('goes on in the same folder with --resume: epochs after the last checkpoint are gone through again, once', async () => {
    const cwd = await temporaryFolder();
    const path = await failing(cwd);
    const result = await trainRun(await resume(cwd));
    expect(result).toMatchObject({ path, resumed: true, epochs: 3, seconds: 3 });
    expect(readMetrics(path).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(runState(path)).toBe('finished');
    expect(await readdir(path)).not.toContain('FAILED');
  });

  it('is not resumed with another configuration, nor a second time', async () => {
    const cwd = await temporaryFolder();
    await failing(cwd);
    await expect(trainRun(await resume(cwd, { set: ['seed=2'] }))).rejects.toMatchObject({
      code: 'RUN_NOTHING_TO_RESUME',
      what: expect.stringContaining('have another configuration'),
    });
    await trainRun(await resume(cwd));
    await expect(trainRun(await resume(cwd))).rejects.toMatchObject({
      code: 'RUN_NOTHING_TO_RESUME',
      what: expect.stringContaining('is finished'),
    });
  });

  it('counts as running only while its process lives', async () => {
    const path = await failing(await temporaryFolder());
    const mark = (worker: object): Promise<void> => writeFile(join(path, 'RUNNING'), JSON.stringify(worker));
    await mark({ pid: process.pid, host: hostname(), began: null });
    expect(runState(path)).toBe('running');
    await mark({ pid: process.pid, host: hostname(), began: 'another time' });
    expect(runState(path)).not.toBe('running');
    await mark({ pid: 2 ** 22 + 1, host: hostname(), began: null });
    expect(runState(path)).not.toBe('running');
    await mark({ pid: 1, host: 'another host', began: null });
    expect(runState(path)).toBe('running');
  });

  it('refuses to be resumed while another process works on it', async () => {
    const cwd = await temporaryFolder();
    const path = await failing(cwd);
    await writeFile(join(path, 'RUNNING'), JSON.stringify({ pid: 1, host: 'another host', began: null }));
    await expect(trainRun(await resume(cwd))).rejects.toMatchObject({ code: 'RUN_BUSY' });
  });

  it('is left as interrupted, with advice, when the user stops the program', async () => {
    const cwd = await temporaryFolder();
    let lines: readonly string[] = [];
    let state = '';
    const request = await smallRequest(cwd, {
      trainer: async (task) => {
        const path = join(task.checkpoint, '..');
        expect(runState(path)).toBe('running');
        lines = interrupt();
        state = runState(path);
        return { best: { epoch: 1, auc: null } };
      },
    });
    await trainRun(request);
    expect(state).toBe('interrupted');
    expect(lines).toEqual([
      expect.stringMatching(/^run 2026.* is kept up to its last epoch; .*--resume continues it$/),
    ]);
  });
});

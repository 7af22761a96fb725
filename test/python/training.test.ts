// Outer steps exported for other engines: two workers in Python, each with its share of the tiles, come to the losses of the single run.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionSchema } from '../../src/engine/execution-config.js';
import { exportTraining } from '../../src/export/training/export-training.js';
import { silent } from '../../src/progress.js';
import { trainingSchema } from '../../src/training/config.js';
import { userErrors } from '../prep/prep-harness.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';
import { python, SKIPPED, SPARK } from './python.js';

if (python === undefined) console.warn(SKIPPED);
const sparkPython = process.env['LIMAML_TEST_SPARK'] || undefined;
if (sparkPython === undefined)
  console.warn(
    'SKIPPED: spark/train.py is not run on Spark, because LIMAML_TEST_SPARK names no Python with pyspark.',
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-training-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SHARES = { sizes: [0.1, 0.1], atLeast: 1 };

async function exported(name: string, options: object, steps: number) {
  const dataset = plantedDataset();
  const model = smallModel(name, dataset, options);
  const outDirectory = await mkdtemp(join(folder, `${name}-`));
  const about = await exportTraining({
    model,
    dataset,
    training: trainingSchema.parse({ clip: 0.05 }),
    // Several tiles a step.
    execution: executionSchema.parse({ tileRows: model.learns.by === 'rows' ? 20 : 120 }),
    seed: 3,
    supports: model.learns.by === 'episodes' ? SHARES : undefined,
    steps,
    outDirectory,
    progress: silent,
  });
  return { outDirectory, about };
}

/** Two workers in one process, whose gradients pass through what is exchanged. */
const DRIVER = `
import json, sys
from pathlib import Path
from limaml_spark.training.tensors import pack, unpack
from limaml_spark.training.training import Training
workers = [Training(Path(sys.argv[1])) for _ in range(2)]
losses = []
for step in workers[0].about["steps"]:
    said = [unpack(pack(*worker.gradients(step, rank, 2))) for rank, worker in enumerate(workers)]
    losses.append([sum(loss for loss, _ in said), step["loss"], len(step["tiles"])])
    for worker in workers:
        worker.update([arrays for _, arrays in said])
print(json.dumps(losses))
`;

function run(program: string, args: readonly string[], modules = SPARK): Promise<string> {
  const env = {
    ...process.env,
    PYTHONPATH: modules,
    PYTHONDONTWRITEBYTECODE: '1',
    SPARK_LOCAL_IP: '127.0.0.1',
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
}

describe.skipIf(python === undefined)('an exported training', () => {
  it.each([
    ['limaml', { embedding: { dropout: 0.2 } }],
    ['widedeep', { hiddenDropout: 0.2 }],
    ['deep', { optimizer: { name: 'adagrad', learningRate: 0.05, weightDecay: 0.01 } }],
    ['deep', { optimizer: { name: 'ftrl', learningRate: 0.05, weightDecay: 0.01, l1: 0.001 } }],
    ['deep', { optimizer: { name: 'sgd', learningRate: 0.05, weightDecay: 0.01 } }],
  ])('of %s with %j has the losses of the single run on two workers', async (name, options) => {
    const { outDirectory, about } = await exported(name, options, 12);
    expect(about.steps).toBe(12);
    expect(about.tiles).toBeGreaterThanOrEqual(24);
    const losses = JSON.parse(await run(python!, ['-c', DRIVER, outDirectory])) as [number, number, number][];
    expect(losses).toHaveLength(12);
    for (const [found, recorded] of losses) expect(Math.abs(found - recorded)).toBeLessThan(1e-5);
    // They learned, so that the optimiser's rule was put to the test.
    expect(losses[11]![1]).not.toBeCloseTo(losses[0]![1], 3);
  });
});

describe('what is not exported', () => {
  it.each([
    ['rates', {}, 'learns by counts'],
    ['deep', { batchNorm: true }, 'running averages'],
    ['deep', { optimizer: { schedule: { kind: 'cosine' } } }, 'has a schedule'],
    ['deep', { optimizer: { embeddingL2: 0.01 } }, 'penalty over whole tables'],
  ])('%s with %j is refused by name', async (name, options, what) => {
    expect(await userErrors(exported(name, options, 1))).toMatchObject([
      { code: 'TRAINING_UNSUPPORTED', what: expect.stringContaining(what) },
    ]);
  });

  it('a folder of something else is not replaced', async () => {
    const { outDirectory } = await exported('deep', {}, 1);
    await rm(join(outDirectory, 'training.json'));
    const dataset = plantedDataset();
    const [training, execution] = [trainingSchema.parse({}), executionSchema.parse({})];
    const again = {
      model: smallModel('deep', dataset),
      dataset,
      training,
      execution,
      seed: 1,
      supports: undefined,
    };
    expect(
      await userErrors(exportTraining({ ...again, steps: 1, outDirectory, progress: silent })),
    ).toMatchObject([{ code: 'OUT_NOT_TRAINING', where: outDirectory }]);
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    expect(
      await userErrors(exportTraining({ ...again, steps: 1, outDirectory: file, progress: silent })),
    ).toMatchObject([{ code: 'OUT_NOT_TRAINING' }]);
  });
});

/** Runs the script's `main` with each list of arguments, in one session. */
const SCRIPTS = `
import contextlib, io, json, sys
import train
from limaml_spark.fault import ScriptError
from limaml_spark.script import run_script
from limaml_spark.session import session
session("train", "local[2]").sparkContext.setLogLevel("OFF")
out = []
for args in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            code = run_script(train.main, args, ScriptError, "TRAINING_DAMAGED")
        except SystemExit as exit:
            code = exit.code
    out.append([code, said.getvalue()])
print("\\n" + json.dumps(out))
`;

describe.skipIf(sparkPython === undefined)('spark/train.py', () => {
  it('has the losses of the single run in barrier mode, and says in a line what is wrong with its input', async () => {
    const { outDirectory } = await exported('limaml', {}, 3);
    const about = JSON.parse(await readFile(join(outDirectory, 'training.json'), 'utf8')) as {
      readonly steps: readonly { readonly loss: number }[];
    };
    const [first] = about.steps;
    const out = join(folder, 'trained');
    const damaged = async (name: string, damage: (path: string) => Promise<unknown>): Promise<string> => {
      const path = join(folder, name);
      await cp(outDirectory, path, { recursive: true });
      await damage(path);
      return path;
    };
    const cut = (file: string) => (path: string) => truncate(join(path, file), 100);
    const edited = (content: object) => (path: string) =>
      writeFile(join(path, 'training.json'), JSON.stringify({ ...about, ...content }));
    const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
      [join(folder, 'nothing'), [], /^error TRAINING_MISSING {2}\S+nothing: .*\n$/],
      [outDirectory, ['--workers', '0'], /argument --workers: a whole number from 1 on, not '0'\n$/],
      [outDirectory, ['--workers', '3'], /^error WORKERS_TOO_MANY {2}--workers: 3 .* there are 2\.\n$/],
      [outDirectory, ['--fast'], /unrecognized arguments: --fast\n$/],
      [
        await damaged('json', cut('training.json')),
        [],
        /^error TRAINING_DAMAGED {2}\S+training\.json: .*\n$/,
      ],
      [await damaged('graph', cut('train.onnx')), [], /^error TRAINING_DAMAGED {2}\S+train\.onnx: .*\n$/],
      [
        await damaged('state', cut('state.safetensors')),
        [],
        /^error TRAINING_DAMAGED {2}\S+state\.safetensors: .*\n$/,
      ],
      [
        await damaged('step', cut('step-00002.safetensors')),
        [],
        /^error TRAINING_DAMAGED {2}\S+step-00002\.safetensors: .*\n$/,
      ],
      [
        await damaged('gone', (path) => rm(join(path, 'step-00001.safetensors'))),
        [],
        /^error TRAINING_DAMAGED {2}\S+step-00001\.safetensors: .*missing.*\n$/,
      ],
      [
        await damaged('newer', edited({ version: 2 })),
        [],
        /^error TRAINING_VERSION {2}\S+training\.json: .*\n$/,
      ],
      [
        await damaged('loss', edited({ steps: [{ ...first!, loss: first!.loss + 0.01 }] })),
        [],
        /^error LOSSES_DIFFER {2}\S+loss: .* by 1\.00e-02,.*\n$/,
      ],
    ];
    const jobs = [
      ['--training', outDirectory, '--out', out],
      ...wrong.map(([path, flags]) => ['--training', path, '--out', join(folder, 'none'), ...flags]),
    ];
    // As --py-files brings them.
    const zip = join(folder, 'limaml_spark.zip');
    const files = ['limaml_spark', 'limaml_bundle.py', 'train.py'].map((name) => join(SPARK, name));
    await run(sparkPython!, ['-m', 'zipfile', '-c', zip, ...files]);
    const said = await run(sparkPython!, ['-c', SCRIPTS, JSON.stringify(jobs)], zip);
    const [done, ...rest] = JSON.parse(said.trim().split('\n').at(-1)!) as [number, string][];
    expect(done).toEqual([0, '']);
    const result = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;
    expect(result).toMatchObject({ workers: 2, exchange: 'barrier', steps: 3 });
    expect(result['largestDifference']).toBeLessThan(1e-4);
    expect((await readFile(join(out, 'trained.safetensors'))).length).toBeGreaterThan(1000);
    expect(rest).toEqual(wrong.map(([, , pattern]) => [2, expect.stringMatching(pattern)]));
    await expect(readFile(join(folder, 'none', 'trained.safetensors'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('ends as its last line says, without a stack', async () => {
    const args = [
      join(SPARK, 'train.py'),
      '--training',
      join(folder, 'nothing'),
      '--out',
      join(folder, 'none'),
    ];
    await expect(run(sparkPython!, args)).rejects.toThrow(/^error TRAINING_MISSING {2}\S+nothing: [^\n]*\n$/);
  });
});

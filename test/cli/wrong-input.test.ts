// Wrong inputs: each one has its message, says where and what to do, and leaves with exit code 2.
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from './in-process.js';
import { limaml } from './run-limaml.js';
import { type Project, smallProject, tinyEvents } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

/** Runs a command that must fail as user error, and returns what it says. */
async function refused([command, ...rest]: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runMain([command!, '--quiet', ...rest], { cwd: project.path });
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
}

/** The log with its line `number` (1 is the header) replaced. */
async function withLine(number: number, line: string): Promise<void> {
  const lines = tinyEvents().split('\n');
  lines[number - 1] = line;
  await project.write('raw/events.csv', lines.join('\n'));
}

describe('a recipe', () => {
  it('with an unknown key: the nearest valid one is named', async () => {
    expect(await refused(['train', 'tiny', '--set', 'model.inner.setps=3'])).toBe(
      'error CONFIG_UNKNOWN_KEY  --set model.inner.setps=3 › model.inner.setps\n' +
        '  There is no "setps" in model.inner of "limaml". Closest: "steps".\n' +
        '  Known here: adapt, earlierSteps, learnedShrinkage, loss, order, rate, rates, shrinkage, steps.\n',
    );
  });

  it('with several faults: all of them are told, with their lines', async () => {
    await project.write(
      'faulty.yaml',
      'name: x\ndataset: tiny\nmodel: { name: limaml, inner: { steps: many } }\ntrainning: {}\n',
    );
    const text = await refused(['validate', 'faulty.yaml']);
    expect(text).toMatch(/^error CONFIG_UNKNOWN_KEY {2}faulty\.yaml:4:1 › trainning$/m);
    expect(text).toMatch(/^error CONFIG_BAD_VALUE {2}faulty\.yaml:3:33 › model\.inner\.steps$/m);
    expect(text).toMatch(/^2 errors$/m);
  });

  it('that names an unknown model, data set or feature', async () => {
    expect(await refused(['train', 'tiny', '--model', 'widedepp'])).toMatch(
      /MODEL_UNKNOWN.*--model widedepp[\s\S]*Closest: "widedeep"/,
    );
    expect(await refused(['train', 'tiny', '--set', 'dataset=synthetik'])).toMatch(
      /DATASET_MISSING {2}synthetik[\s\S]*Closest: "synthetic"/,
    );
    expect(await refused(['train', 'tiny', '--set', 'features.item=[gendre]'])).toMatch(
      /FEATURE_UNKNOWN[\s\S]*no item feature "gendre"\. Closest: "genre"/,
    );
  });

  it('that is not there', async () => {
    expect(await refused(['train', 'tyni'])).toMatch(
      /^error RECIPE_MISSING {2}tyni\n {2}There is no such recipe\. Closest: "tiny"\./,
    );
  });
});

describe('a log', () => {
  afterAll(() => project.write('raw/events.csv', tinyEvents()));

  it('that is not there', async () => {
    await rm(join(project.path, 'raw/events.csv'));
    expect(await refused(['prep', 'tiny'])).toMatch(/error DATA_FILE_MISSING[\s\S]*events\.csv[\s\S]*--data/);
    expect(await refused(['prep', 'tiny', '--data', 'elsewhere'])).toMatch(
      /error DATA_FOLDER_MISSING {2}--data .*elsewhere/,
    );
  });

  it('without a column that the descriptor names', async () => {
    await project.write('raw/events.csv', tinyEvents().replace('stars', 'rating'));
    expect(await refused(['prep', 'tiny'])).toMatch(
      /^error DATA_\w+ .*events\.csv[\s\S]*"?stars"?[\s\S]*rating/,
    );
  });

  it('with a time that is none', async () => {
    await withLine(5, 'm1,f3,5,yesterday');
    expect(await refused(['prep', 'tiny'])).toMatch(/^error DATA_\w+ .*events\.csv:5[\s\S]*yesterday/);
  });

  it('with a label outside the declared values', async () => {
    await withLine(7, 'm1,f3,11,1600000000');
    expect(await refused(['prep', 'tiny'])).toMatch(/^error DATA_\w+ .*events\.csv:7[\s\S]*11/);
  });

  it('with a ragged row', async () => {
    await withLine(9, 'm1,f3,5');
    expect(await refused(['prep', 'tiny'])).toMatch(/^error DATA_\w+ .*events\.csv:9/);
  });
});

describe('a prepared folder or a run', () => {
  it('that does not exist', async () => {
    expect(await refused(['eval', '20260101'])).toMatch(
      /^error RUN_MISSING {2}20260101\n {2}There is no such run\./,
    );
    expect(await refused(['runs', 'show', 'latest'])).toMatch(/RUN_MISSING[\s\S]*limaml train/);
  });

  it('whose hash no longer matches', async () => {
    const { stdout } = await runMain(['train', 'tiny', '--json'], { cwd: project.path });
    const { path } = JSON.parse(stdout) as { path: string };
    const checkpoint = join(path, 'checkpoint', 'model.safetensors');
    const bytes = await readFile(checkpoint);
    await appendFile(checkpoint, 'x');
    expect(await refused(['eval', 'latest'])).toMatch(
      /^error RUN_DAMAGED {2}.*model\.safetensors\n {2}This file is not what the run wrote/,
    );
    await writeFile(checkpoint, bytes);

    const prepared = JSON.parse(
      (await runMain(['prep', 'tiny', '--json'], { cwd: project.path })).stdout,
    ) as {
      path: string;
    };
    const manifest = join(prepared.path, 'manifest.json');
    const text = await readFile(manifest);
    await appendFile(manifest, ' ');
    expect(await refused(['eval', 'latest'])).toMatch(/^error RUN_DATA_CHANGED {2}.*manifest\.json/);
    await writeFile(manifest, text);
    await appendFile(join(prepared.path, 'items.parquet'), 'x');
    expect(await refused(['eval', 'latest'])).toMatch(/^error \w+ {2}.*items\.parquet[\s\S]*(hash|SHA-256)/);
  });
});

describe('a command line', () => {
  it.each([
    [
      ['trian', 'tiny'],
      /^error USAGE_UNKNOWN_COMMAND {2}limaml\n {2}There is no command "trian"\. Closest: "train"\./,
    ],
    [['runs', 'shwo'], /^error USAGE_UNKNOWN_COMMAND {2}limaml runs\n.*Closest: "show"/],
    [
      ['train', 'tiny', '--sed', '3'],
      /^error USAGE_UNKNOWN_FLAG {2}limaml train\n.*Did you mean one of --seed, --set\?/,
    ],
    [['train'], /^error USAGE_MISSING_ARGUMENT {2}limaml train\n.*'recipe'/],
    [['train', 'tiny', 'twice'], /^error USAGE_EXCESS_ARGUMENTS {2}limaml train\n/],
    [['train', 'tiny', '--seed', 'one'], /^error USAGE_BAD_VALUE {2}limaml train\n.*whole number/],
    [['train', 'tiny', '--backend', 'torch'], /^error USAGE_BAD_VALUE {2}limaml train\n.*onnxruntime/],
    [['train', 'tiny', '--set'], /^error USAGE_MISSING_VALUE {2}limaml train\n/],
    [['train', 'tiny', '--set', 'epochs'], /^error OVERRIDE_SYNTAX {2}--set epochs\n/],
    [['eval', 'latest', '--set', 'training.epochs=2'], /^error OVERRIDE_TOO_LATE {2}--set training/],
  ])('%j is refused', async (args, pattern) => {
    expect(await refused(args)).toMatch(pattern);
  });
});

describe('an error', () => {
  it('is JSON on standard output under --json, and text on standard error', async () => {
    const { code, stdout, stderr } = await runMain(['models', 'limml', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      errors: [expect.objectContaining({ code: 'MODEL_UNKNOWN', where: 'model "limml"' })],
    });
    expect(stderr).toMatch(/^error MODEL_UNKNOWN/);
  });

  it('shows its stack with --debug only', async () => {
    expect((await limaml(['models', 'limml', '--debug'])).stderr).toMatch(/^ +at .*registry\.js/m);
    expect((await limaml(['models', 'limml'])).stderr).not.toMatch(/^ +at /m);
  });
});

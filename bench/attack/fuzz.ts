// Mutated inputs of every kind: the program may refuse them or take them, but never break.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashJson } from '../../src/hash.js';
import { readTensors } from '../../src/training/safetensors.js';
import { filesUnder, finishedRuns } from './answers.js';
import { type Attack, type Context, copyOf, pick, tallying } from './context.js';
import { mutateBytes, mutateText, mutateTree } from './mutate.js';
import { brokenEnd, type Ended, type Tally } from './outcome.js';
import { inProcess } from './program.js';
import { ROWS } from './project.js';

/** Inputs of all targets together. */
const INPUTS = { long: 2000, short: 36 };

type Input = string | Buffer;

interface Target {
  readonly name: string;
  /** File that is mutated, in the project. */
  readonly file: string;
  mutate(context: Context, whole: Buffer): Input;
  /** Commands that read it, one of which is run. */
  readonly commands: readonly (readonly string[])[];
  readonly stdin?: true;
}

const text: Target['mutate'] = ({ random }, whole) => mutateText(random, whole.toString('utf8'));
const bytes: Target['mutate'] = ({ random }, whole) => mutateBytes(random, whole);
const either: Target['mutate'] = (context, whole) =>
  context.random.uniform() < 0.8 ? text(context, whole) : bytes(context, whole);
const json: Target['mutate'] = (context, whole) =>
  context.random.uniform() < 0.25
    ? text(context, whole)
    : (JSON.stringify(mutateTree(context.random, JSON.parse(whole.toString('utf8')))) ?? '');

/** With a fitting hash, as whoever forges one would give it. */
const forged: Target['mutate'] = (context, whole) => {
  const { hash: _, ...body } = JSON.parse(whole.toString('utf8')) as Record<string, unknown>;
  const changed = mutateTree(context.random, body);
  return typeof changed === 'object' && changed !== null && !Array.isArray(changed)
    ? JSON.stringify({ ...changed, hash: hashJson(changed) })
    : (JSON.stringify(changed) ?? '');
};

const LOG = 'raw/events-2.csv';
const prep = ['prep', 'tiny', '--quiet'];
const score = ['score', '--bundle', 'bundle', '--lookup', '--quiet'];
const refresh = ['refresh', '--bundle', 'bundle', '--events', 'new.csv', '--out', 'made', '--quiet'];
const run = 'tiny/latest';
const evaluate = ['eval', run, '--no-curves', '--quiet'];

/** Targets of a project; those of prepared data and of runs lie in folders whose names are found. */
function targetsIn(project: string): readonly Target[] {
  const prepared = join('prepared', readdirSync(join(project, 'prepared'))[0]!);
  const runFolder = finishedRuns(project).at(-1)!;
  const runFiles = filesUnder(runFolder).filter((file) => /json|DONE/.test(file));
  return [
    { name: 'log', file: LOG, mutate: either, commands: [prep, [...prep, '--on-error', 'reject']] },
    {
      name: 'log, sniffed',
      file: LOG,
      mutate: either,
      commands: [['init', LOG, '--out', 'made', '--quiet']],
    },
    { name: 'side table', file: 'raw/films.csv', mutate: either, commands: [prep] },
    {
      name: 'descriptor',
      file: 'datasets/tiny.yaml',
      mutate: either,
      commands: [prep, ['prep', 'tiny', '--dry-run', '--quiet']],
    },
    {
      name: 'recipe',
      file: 'experiments/tiny/experiment.yaml',
      mutate: either,
      commands: [['validate', 'tiny', '--quiet']],
    },
    { name: 'rows', file: 'rows.csv', mutate: either, commands: [score], stdin: true },
    { name: 'new events', file: 'new.csv', mutate: either, commands: [refresh] },
    { name: 'manifest of a bundle', file: 'bundle/manifest.json', mutate: json, commands: [score, refresh] },
    {
      name: 'forged manifest of a bundle',
      file: 'bundle/manifest.json',
      mutate: forged,
      commands: [score, refresh],
    },
    {
      name: 'manifest of prepared data',
      file: join(prepared, 'manifest.json'),
      mutate: json,
      commands: [['prep', prepared, '--quiet'], evaluate],
    },
    ...runFiles.map((file) => ({
      name: `${file} of a run`,
      file: join(runFolder, file).slice(project.length + 1),
      mutate: file.endsWith('l') ? text : json,
      commands: [
        ['runs', '--quiet'],
        ['runs', 'show', run, '--quiet'],
        ['report', run, '--out', 'made', '--quiet'],
        ['report', 'tiny', '--out', 'made', '--quiet'],
        evaluate,
        ['runs', 'export', run, '--mlflow', 'made', '--tensorboard', 'made-too', '--quiet'],
      ],
    })),
    {
      name: 'checkpoint',
      file: join(runFolder, 'checkpoint/model.safetensors').slice(project.length + 1),
      mutate: (context, whole) =>
        context.random.uniform() < 0.5 ? bytes(context, whole) : header(context, whole),
      commands: [['tensors']],
    },
  ];
}

/** Tensors under a header of other values. */
function header(context: Context, whole: Buffer): Buffer {
  const length = Number(whole.readBigUInt64LE(0));
  const changed = mutateTree(context.random, JSON.parse(whole.toString('utf8', 8, 8 + length)));
  const head = Buffer.from(JSON.stringify(changed) ?? '');
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([size, head, whole.subarray(8 + length)]);
}

/** Reads a checkpoint alone: a run's own hash would refuse it before. */
async function tensors(path: string): Promise<Ended> {
  const end = { signal: null, stdout: '', late: false };
  try {
    await readTensors(path);
    return { ...end, code: 0, stderr: '' };
  } catch (error) {
    const { exitCode = 3, code = 'BUG', message = '' } = error as Record<string, never>;
    return { ...end, code: exitCode, stderr: `error ${code}\n${message}` };
  }
}

async function fuzz(context: Context): Promise<Tally> {
  const tally = tallying('fuzz', context);
  const project = copyOf(context, context.trained);
  writeFileSync(join(project, 'rows.csv'), ROWS);
  const targets = targetsIn(project);
  const count = context.long ? INPUTS.long : INPUTS.short;
  for (let n = 0; n < count; n++) {
    const target = targets[n % targets.length]!;
    const path = join(project, target.file);
    const whole = readFileSync(path);
    const input = target.mutate(context, whole);
    writeFileSync(path, input);
    const command = pick(context.random, target.commands);
    const ended =
      command[0] === 'tensors'
        ? await tensors(path)
        : await inProcess(command, { cwd: project, ...(target.stdin ? { stdin: Buffer.from(input) } : {}) });
    const fault = brokenEnd(ended);
    const kept =
      fault === undefined ? '' : context.keep(`fuzz-${n}-${target.file.replaceAll('/', '-')}`, input);
    tally.try(`${target.name}, ${command.slice(0, 2).join(' ')}, input ${n}${kept}`, fault);
    writeFileSync(path, whole);
    for (const made of ['made', 'made-too']) rmSync(join(project, made), { recursive: true, force: true });
  }
  return tally.end();
}

export const fuzzAttack: Attack = {
  kind: 'fuzz',
  what: 'mutated logs, side tables, descriptors, recipes, rows, events, manifests (forged ones too), run files, checkpoints',
  run: fuzz,
};

// npm run bench -- end-to-end [--only kuairand,torch] [--json]: from raw files to a test AUC, beside the same by hand.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InternalError, UserError } from '../../src/errors.js';
import { textTable } from '../compare/text-table.js';
import { python, unmetNeeds } from '../engines/peer-needs.js';
import { type MeasuredRun, measuredRun } from '../prep/measured-run.js';
import { type BenchModel, LOGS, type Log, MODELS, peerFlags, recipeOf } from './recipe.js';

const ENGINES = ['limaml', 'torch'] as const;

interface EndToEndRow {
  readonly log: Log;
  readonly model: BenchModel;
  readonly engine: (typeof ENGINES)[number];
  /** Of the test rows, after the last epoch for PyTorch, after the best of them by validation for us. */
  readonly auc: number;
  /** With the log prepared first. */
  readonly trainSeconds: number;
  readonly evalSeconds: number;
  /** From start to end of all processes. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the process that took most. */
  readonly peakMb: number;
}

interface EndToEndOptions {
  /** Names of logs and engines; of a kind of which none is named, all. */
  readonly only: readonly string[];
  /** Folder of the raw logs: LIMAML_DATA. */
  readonly data: string | undefined;
  readonly places: { readonly root: string; readonly built: string };
  readonly note: (text: string) => void;
}

/** Every model on every log by every engine, one after the other. Throws UserError without a folder of raw logs, or where `only` names nothing. */
export async function benchEndToEnd(
  options: EndToEndOptions,
): Promise<{ readonly rows: readonly EndToEndRow[]; readonly report: string }> {
  const unknown = options.only.find((word) => ![...LOGS, ...ENGINES].some((name) => name === word));
  if (unknown !== undefined)
    throw new UserError({
      code: 'BENCH_BAD_FLAG',
      where: '--only',
      what: `"${unknown}" is neither a log nor an engine.`,
      next: `Use some of: ${[...LOGS, ...ENGINES].join(', ')}.`,
    });
  const { data } = options;
  if (data === undefined)
    throw new UserError({
      code: 'BENCH_NO_DATA',
      where: 'LIMAML_DATA',
      what: 'It names no folder, and the logs are not part of the program.',
      next: 'Set it to a folder with ml-1m-half and kuairand-pure, as the experiments of those names want them.',
    });
  const rows: EndToEndRow[] = [];
  for (const log of chosen(LOGS, options.only))
    for (const model of MODELS)
      for (const engine of chosen(ENGINES, options.only)) {
        options.note(`${log}, ${model}: ${engine}`);
        const measured =
          engine === 'limaml' ? await ours(log, model, options) : await byHand(log, model, data, options);
        if (measured !== undefined) rows.push({ log, model, engine, ...measured });
      }
  return { rows, report: report(rows) };
}

function chosen<T extends string>(all: readonly T[], only: readonly string[]): readonly T[] {
  const named = all.filter((name) => only.includes(name));
  return named.length === 0 ? all : named;
}

type Measured = Omit<EndToEndRow, 'log' | 'model' | 'engine'>;

/** The commands that a user would type, each a process, in an empty folder. */
async function ours(log: Log, model: BenchModel, { places }: EndToEndOptions): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-end-'));
  const recipe = join(folder, 'experiments', log);
  try {
    await mkdir(recipe, { recursive: true });
    await writeFile(join(recipe, 'experiment.yaml'), JSON.stringify(recipeOf(log, model)));
    const train = await measuredRun(places.built, ['train', recipe], folder);
    const scored = await measuredRun(places.built, ['eval', 'latest', '--no-curves', '--json'], folder);
    const stages = [train, scored];
    const total = (of: (run: MeasuredRun) => number): number => stages.map(of).reduce((a, b) => a + b);
    return {
      auc: aucOf(scored.output),
      trainSeconds: train.seconds,
      evalSeconds: scored.seconds,
      seconds: total(({ seconds }) => seconds),
      cpuSeconds: total(({ cpuSeconds }) => cpuSeconds),
      peakMb: Math.max(...stages.map(({ peakMb }) => peakMb)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function aucOf(json: string): number {
  const { models } = JSON.parse(json) as {
    readonly models: readonly { readonly metrics: Readonly<Record<string, { readonly value: number }>> }[];
  };
  return models[0]!.metrics['auc']!.value;
}

async function byHand(
  log: Log,
  model: BenchModel,
  data: string,
  { places, note }: EndToEndOptions,
): Promise<Measured | undefined> {
  const unmet = unmetNeeds(['torch', 'pandas', 'sklearn'].map((needs) => ({ name: needs, needs })));
  if (unmet.size > 0) {
    note(`skipped torch: ${[...unmet.values()].join('; ')}`);
    return undefined;
  }
  const script = join(places.root, 'bench', 'peers', 'end_to_end.py');
  const args = [script, '--data', data, ...peerFlags(log, model)];
  const from = process.hrtime.bigint();
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  if (code !== 0) throw new InternalError(`${script} left with ${code}`);
  return { ...(JSON.parse(words) as Omit<Measured, 'seconds'>), seconds };
}

function report(rows: readonly EndToEndRow[]): string {
  return textTable(
    ['log', 'model', 'engine', 'test AUC', 'prep, train s', 'eval s', 'total s', 'CPU s', 'peak MB'],
    rows.map((row) => [
      row.log,
      row.model,
      row.engine,
      row.auc.toFixed(4),
      ...[row.trainSeconds, row.evalSeconds, row.seconds, row.cpuSeconds].map((s) => s.toFixed(1)),
      row.peakMb.toFixed(0),
    ]),
  );
}

// npm run bench -- train|adapt|score|rows|lookups|prep|metrics|replay|serve|members|spark|scale|end-to-end [--json] [--threads 1,2] [--repeat N] [--setting a1,b] [--only torch,jax] [--device cpu|cuda] [--rows N,M] [--in folder] [--write]
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckFailed, EXIT, UserError } from '../src/errors.js';
import { measureSetting, type SettingResult } from './compare/measure-setting.js';
import { settingReport } from './compare/report.js';
import { benchEndToEnd } from './end-to-end/bench.js';
import { benchLookups } from './lookups.js';
import { benchMembers } from './members.js';
import { benchMetrics } from './metrics.js';
import { type BenchOptions, benchOptions } from './options.js';
import { benchPrep } from './prep.js';
import { benchScale } from './scale.js';
import { benchServe } from './serve.js';
import { benchSpark } from './spark.js';
import { scoring } from './workloads/scoring.js';

const built = dirname(fileURLToPath(import.meta.url));

function machine(): Record<string, unknown> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printJson(results: Readonly<Record<string, unknown>>): void {
  print(JSON.stringify({ machine: machine(), ...results }, null, 2));
}

async function engines({ settings, threads, device, only, rounds, rows, json }: BenchOptions): Promise<void> {
  const results: SettingResult[] = [];
  for (const setting of settings) {
    const result = await measureSetting(setting, {
      threads,
      device,
      only,
      rounds,
      rows: rows[0],
      roundMs: 300,
      places: { root: join(built, '..', '..'), built },
      note: (text) => process.stderr.write(`${text}\n`),
    });
    results.push(result);
    if (!json) print(`${settingReport(result)}\n`);
  }
  if (json) printJson({ settings: results });
  if (results.every((result) => result.engines.length === 0))
    throw new UserError({
      code: 'BENCH_NOTHING_RAN',
      what: 'Every engine asked for was skipped.',
      next: 'Install what the skipped engines need, or name others with --only.',
    });
}

const note = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const options = benchOptions(process.argv.slice(2));
  const { job, json, only, rows, write, folder } = options;
  if (job === 'prep') {
    const measured = await benchPrep({ rows, only, built });
    if (json) printJson({ prep: measured.rows });
    else print(measured.report);
  } else if (job === 'metrics') {
    const sizes = rows.length > 0 ? rows : [1_000_000];
    const measured = sizes.map((count) =>
      benchMetrics({ rows: count, entities: Math.ceil(count / 20), seed: 1, progress: () => {} }),
    );
    printJson({ metrics: measured });
  } else if (job === 'lookups') {
    printJson({ lookups: benchLookups(scoring('d')) });
  } else if (job === 'scale') {
    const measured = await benchScale({ rows, folder, write, root: join(built, '..', '..'), built, note });
    if (json) printJson({ scale: measured.rows });
    else print(measured.report);
  } else if (job === 'members') {
    const measured = await benchMembers({ members: rows, built, note });
    if (json) printJson({ members: measured.rows });
    else print(measured.report);
  } else if (job === 'serve') {
    const measured = await benchServe({ root: join(built, '..', '..'), built, note });
    if (json) printJson({ serve: measured.rows });
    else print(measured.report);
  } else if (job === 'spark') {
    const note = (text: string): void => void process.stderr.write(`${text}\n`);
    const measured = await benchSpark({ root: join(built, '..', '..'), note });
    if (json) printJson({ spark: measured.result });
    else print(measured.report);
  } else if (job === 'end-to-end') {
    const note = (text: string): void => void process.stderr.write(`${text}\n`);
    const measured = await benchEndToEnd({
      only,
      data: process.env['LIMAML_DATA'],
      places: { root: join(built, '..', '..'), built },
      note,
    });
    if (json) printJson({ endToEnd: measured.rows });
    else print(measured.report);
  } else await engines(options);
}

try {
  await main();
} catch (error) {
  const reported = error instanceof UserError || error instanceof CheckFailed;
  process.stderr.write(
    reported
      ? `error ${error.code}  ${error.message}\n`
      : `${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = reported ? error.exitCode : EXIT.bug;
}

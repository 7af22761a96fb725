// npm run bench -- train|adapt|score|prep [--json] [--threads 1,2] [--repeat N] [--setting a1,b] [--only torch,jax] [--rows N,M]
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CheckFailed, EXIT, UserError } from '../src/errors.js';
import { measureSetting, type SettingResult } from './compare/measure-setting.js';
import { settingReport } from './compare/report.js';
import { benchMetrics } from './metrics.js';
import { benchPrep } from './prep.js';
import { settings } from './workloads/settings.js';

const groups = ['train', 'adapt', 'score'] as const;

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      threads: { type: 'string', default: '1,2' },
      repeat: { type: 'string', default: '7' },
      setting: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      rows: { type: 'string', default: '' },
    },
  });
  const words = (text: string): string[] => text.split(',').filter((word) => word !== '');
  const integers = (flag: string, text: string): number[] =>
    words(text).map((word) => {
      const value = Number(word);
      if (Number.isInteger(value) && value > 0) return value;
      throw new UserError({
        code: 'BENCH_BAD_FLAG',
        where: flag,
        what: `"${word}" is not a whole number above 0.`,
      });
    });
  return {
    job: positionals[0],
    json: values.json,
    threads: integers('--threads', values.threads),
    rounds: integers('--repeat', values.repeat)[0]!,
    only: words(values.only),
    settings: words(values.setting),
    rows: integers('--rows', values.rows),
  };
}

function machine(): Record<string, unknown> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

async function main(): Promise<void> {
  const { job, json, threads, rounds, only, settings: names, rows } = options();
  const built = dirname(fileURLToPath(import.meta.url));
  if (job === 'prep') {
    const measured = await benchPrep({ rows, only, built });
    const text = json
      ? JSON.stringify({ machine: machine(), prep: measured.rows }, null, 2)
      : measured.report;
    process.stdout.write(`${text}\n`);
    return;
  }
  if (job === 'metrics') {
    const sizes = rows.length > 0 ? rows : [1_000_000];
    const measured = sizes.map((count) =>
      benchMetrics({ rows: count, entities: Math.ceil(count / 20), seed: 1, report: () => {} }),
    );
    process.stdout.write(`${JSON.stringify({ machine: machine(), metrics: measured }, null, 2)}\n`);
    return;
  }
  const group = groups.find((name) => name === job);
  if (group === undefined)
    throw new UserError({
      code: 'BENCH_UNKNOWN_JOB',
      what: `No benchmark is named "${job ?? ''}".`,
      next: `Use one of: ${[...groups, 'prep', 'metrics'].join(', ')}.`,
    });
  const known = settings.filter((setting) => setting.group === group).map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError({
      code: 'BENCH_UNKNOWN_SETTING',
      where: '--setting',
      what: `"${group}" has no setting "${unknown.join('", "')}".`,
      next: `Use some of: ${known.join(', ')}.`,
    });
  const chosen = settings.filter(
    (setting) => setting.group === group && (names.length === 0 || names.includes(setting.name)),
  );
  const results: SettingResult[] = [];
  for (const setting of chosen) {
    const result = await measureSetting(setting, {
      threads,
      only,
      rounds,
      roundMs: 300,
      places: { root: join(built, '..', '..'), built },
      note: (text) => process.stderr.write(`${text}\n`),
    });
    results.push(result);
    if (!json) process.stdout.write(`${settingReport(result)}\n\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify({ machine: machine(), settings: results }, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UserError || error instanceof CheckFailed)) throw error;
  process.stderr.write(`error ${error.code}  ${error.message}\n`);
  process.exitCode = error instanceof CheckFailed ? EXIT.checkFailed : EXIT.userError;
}

// The benchmark's command line.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../src/errors.js';
import { BENCH_DEVICES, type BenchDevice, engineSpecs } from './engines/engine-list.js';
import { type Setting, settings } from './workloads/settings.js';

const GROUPS = ['train', 'adapt', 'score', 'rows', 'replay'] as const;
const JOBS = [
  ...GROUPS,
  'prep',
  'lookups',
  'metrics',
  'serve',
  'members',
  'spark',
  'scale',
  'end-to-end',
] as const;

export interface BenchOptions {
  readonly job: (typeof JOBS)[number];
  readonly json: boolean;
  readonly threads: readonly number[];
  readonly device: BenchDevice;
  readonly rounds: number;
  /** Words an engine's name must contain one of; empty: all engines. Of `prep`: parts of it; of `end-to-end`: logs, engines. */
  readonly only: readonly string[];
  /** Settings of the job; empty for the jobs that have none. */
  readonly settings: readonly Setting[];
  readonly rows: readonly number[];
  /** The job's page in docs/ is written anew. */
  readonly write: boolean;
  /** Folder to work in that is kept; one for the time being where it is undefined. */
  readonly folder: string | undefined;
}

function bad(where: string, what: string, next?: string): UserError {
  return new UserError({ code: 'BENCH_BAD_FLAG', where, what, ...(next === undefined ? {} : { next }) });
}

const words = (text: string): string[] => text.split(',').filter((word) => word !== '');

function integers(flag: string, text: string): number[] {
  return words(text).map((word) => {
    const value = Number(word);
    if (Number.isInteger(value) && value > 0) return value;
    throw bad(flag, `"${word}" is not a whole number above 0.`);
  });
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        threads: { type: 'string' },
        repeat: { type: 'string', default: '7' },
        setting: { type: 'string', default: '' },
        only: { type: 'string', default: '' },
        rows: { type: 'string', default: '' },
        write: { type: 'boolean', default: false },
        in: { type: 'string' },
        device: { type: 'string', default: 'cpu' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError({ code: 'BENCH_BAD_FLAG', what: error.message }, { cause: error });
  }
}

function chosenSettings(group: string, names: readonly string[]): readonly Setting[] {
  const known = settings.filter((setting) => setting.group === group);
  const unknown = names.filter((name) => !known.some((setting) => setting.name === name));
  if (unknown.length > 0)
    throw new UserError({
      code: 'BENCH_UNKNOWN_SETTING',
      where: '--setting',
      what: `"${group}" has no setting "${unknown.join('", "')}".`,
      next: `Use some of: ${known.map(({ name }) => name).join(', ')}.`,
    });
  return known.filter(({ name }) => names.length === 0 || names.includes(name));
}

function deviceOf(job: BenchOptions['job'], name: string): BenchDevice {
  const device = BENCH_DEVICES.find((known) => known === name);
  if (device === undefined)
    throw bad('--device', `No device is named "${name}".`, `Use one of: ${BENCH_DEVICES.join(', ')}.`);
  if (device === 'cpu' || GROUPS.some((group) => group === job)) return device;
  throw bad('--device', `"${job}" runs on the CPU alone.`);
}

/** Throws UserError on an unknown job, flag, setting or engine. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parsed(args);
  const [name, ...more] = positionals;
  const job = JOBS.find((known) => known === name);
  if (job === undefined || more.length > 0)
    throw new UserError({
      code: 'BENCH_UNKNOWN_JOB',
      what: job === undefined ? `No benchmark is named "${name ?? ''}".` : 'One benchmark at a time.',
      next: `Use one of: ${JOBS.join(', ')}.`,
    });
  const only = words(values.only);
  const isGroup = GROUPS.some((group) => group === job);
  const unknown = isGroup
    ? only.find((word) => !engineSpecs.some((spec) => spec.name.includes(word)))
    : undefined;
  if (unknown !== undefined)
    throw bad(
      '--only',
      `No engine has "${unknown}" in its name.`,
      `Engines: ${[...new Set(engineSpecs.map((spec) => spec.name))].join(', ')}.`,
    );
  if (values.write && job !== 'scale') throw bad('--write', `"${job}" has no page of its own.`);
  if (values.in !== undefined && job !== 'scale') throw bad('--in', `"${job}" keeps nothing.`);
  const threads = integers('--threads', values.threads ?? (job === 'replay' ? '2' : '1,2'));
  if (threads.length === 0) throw bad('--threads', 'Needs at least one number of threads.');
  const rounds = integers('--repeat', values.repeat);
  if (rounds.length !== 1) throw bad('--repeat', 'Needs one number of rounds.');
  return {
    job,
    json: values.json,
    threads: [...new Set(threads)],
    rounds: rounds[0]!,
    only,
    settings: isGroup ? chosenSettings(job, words(values.setting)) : [],
    rows: integers('--rows', values.rows),
    write: values.write,
    folder: values.in === undefined ? undefined : resolve(values.in),
    device: deviceOf(job, values.device),
  };
}

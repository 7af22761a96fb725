// The same seed gives the same bytes, whatever the machine is set to.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashes } from './answers.js';
import { type Attack, type Context, inCopy, tallying } from './context.js';
import type { Tally } from './outcome.js';
import { inProcess, run } from './program.js';
import { plainRound, type Round, roundIn } from './round.js';

interface Setting {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly prep?: readonly string[];
  readonly train?: readonly string[];
  /** Commands are given from another folder. */
  readonly elsewhere?: boolean;
}

const SETTINGS: readonly Setting[] = [
  { name: 'two workers', train: ['--set', 'execution.workers=2'] },
  { name: 'German', env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' } },
  { name: 'one worker', train: ['--set', 'execution.workers=1'] },
  { name: 'Turkish', env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } },
  { name: 'no language', env: { LANG: 'C', LC_ALL: 'C' } },
  { name: 'Kathmandu', env: { TZ: 'Asia/Kathmandu' } },
  { name: 'St. John’s', env: { TZ: 'America/St_Johns' } },
  { name: 'one thread and little memory for prep', prep: ['--threads', '1', '--memory', '100'] },
  { name: 'four threads for prep', prep: ['--threads', '4'] },
  { name: 'one thread by OpenMP', env: { OMP_NUM_THREADS: '1' } },
  { name: 'from another folder', elsewhere: true },
];
const SHORT = 1;

/** What every step gives under a setting, with every place spelt out. */
function results(project: string, setting: Setting): Promise<ReadonlyMap<string, string>> {
  const { elsewhere = false, env, prep = [], train = [] } = setting;
  const cwd = elsewhere ? join(project, '..', 'elsewhere') : project;
  mkdirSync(cwd, { recursive: true });
  const at = (path: string): string => (elsewhere ? join(project, path) : path);
  const data = ['--data', join(project, 'raw')];
  const recipe = [at('experiments/tiny/experiment.yaml'), '--set', `dataset=${at('datasets/tiny.yaml')}`];
  const runs = join(project, 'experiments/tiny/runs');
  const round: Round = {
    prep: [at('datasets/tiny.yaml'), ...data, '--out', at('prepared'), ...prep],
    train: [...recipe, ...data, '--prepared', at('prepared'), ...train],
    run: () => join(runs, hashes(runs, /DONE$/).split('/')[0]!),
    bundle: join(project, 'bundle'),
    events: join(project, 'new.csv'),
  };
  // The runtime reads its languages, time zone and threads when it starts: those need a process of their own.
  return roundIn(project, round, (args, stdin) =>
    env === undefined ? inProcess(args, { cwd, stdin }) : run(args, { cwd, stdin, env }),
  );
}

/** The log in two files, in one, and in two whose names order them otherwise: events of one instant keep the order of the log. */
async function fileOrders(context: Context, tally: ReturnType<typeof tallying>): Promise<void> {
  const rows = Array.from(
    { length: 600 },
    (_, n) => `m${n % 23},f${n % 31},${(n * 7919) % 3 ? 2 : 5},${1_600_000_000 + n * 3600},feed,${n % 7}`,
  );
  const header = 'member,film,stars,at,surface,position';
  const layouts: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    'one file': { 'events-1.csv': rows },
    'two files': { 'events-1.csv': rows.slice(0, 300), 'events-2.csv': rows.slice(300) },
    'two files, the later first': { 'events-1.csv': rows.slice(300), 'events-2.csv': rows.slice(0, 300) },
  };
  let right: string | undefined;
  for (const [name, files] of Object.entries(layouts))
    await inCopy(context, context.bare, async (project) => {
      writeFileSync(join(project, 'raw/events-2.csv'), `${header}\n`);
      for (const [file, lines] of Object.entries(files))
        writeFileSync(join(project, 'raw', file), `${[header, ...lines].join('\n')}\n`);
      const ended = await run(['prep', 'tiny', '--quiet'], { cwd: project });
      const made = ended.code === 0 ? hashes(join(project, 'prepared'), /\.parquet$/) : ended.stderr;
      const answer = made.replaceAll(/tiny-[0-9a-f]{8}/g, 'tiny');
      right ??= answer;
      tally.try(`prep of ${name}`, answer === right ? undefined : 'other bytes than of one file');
    });
}

async function determinism(context: Context): Promise<Tally> {
  const tally = tallying('determinism', context);
  const place = context.folder();
  let number = 0;
  const of = async (setting: Setting): Promise<ReadonlyMap<string, string>> => {
    number += 1;
    const project = join(place, String(number), 'project');
    cpSync(context.bare, project, { recursive: true });
    return results(project, setting);
  };
  const right = await plainRound(context);
  for (const setting of context.long ? SETTINGS : SETTINGS.slice(0, SHORT)) {
    const got = await of(setting);
    for (const [step, answer] of right) {
      const given = got.get(step);
      const fault = given === answer ? undefined : `other bytes: ${given?.slice(0, 160)}`;
      tally.try(`${step}, ${setting.name}`, fault);
    }
  }
  if (context.long) await fileOrders(context, tally);
  return tally.end();
}

export const determinismAttack: Attack = {
  kind: 'determinism',
  what: 'prep, train, eval, export, score, refresh with other workers, threads, languages, time zones, folders; the same bytes',
  run: determinism,
};

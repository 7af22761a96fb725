// A whole round in folders with difficult names: every result as in a plain one.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAnswer, evaluatedAnswer, hashes, trainedAnswer } from './answers.js';
import { type Attack, type Context, inCopy, tallying } from './context.js';
import { brokenEnd, type Ended, type Tally } from './outcome.js';
import { inProcess } from './program.js';
import { bareProject, ROWS } from './project.js';

/** Columns of logs, of prepared data and of bundles, as data lakes name folders; what globs and shells and SQL mean by a letter. */
const NAMES = [
  'label=1',
  '*',
  'it\'s a "folder"; DROP TABLE loaded; --',
  'entity=5',
  'member=m1',
  'film=x',
  'stars=5',
  'split=0',
  'vector=1',
  'support=1',
  'timestamp_ms=5',
  'place=0',
  'value=7',
  'date=2026-01-01',
  '?',
  '[a-z]',
  '[',
  '{a,b}',
  ' leading and trailing ',
  'ünïcödé 日本語 🙂',
  'e\u0301 combining',
  '%20',
  '#fragment?query=1',
  '$HOME',
  '`echo`',
  '~',
  '-rf',
  '--out',
  'back\\slash',
  'new\nline',
  'a.b.c.parquet',
  'x'.repeat(200),
] as const;

/** Two at once: a folder in a folder. */
const SHORT = [join(NAMES[0], NAMES[1])];
const PLAIN = 'plain';

/** All that one round gives, by step. */
async function round(folder: string): Promise<ReadonlyMap<string, string>> {
  mkdirSync(folder, { recursive: true });
  bareProject(folder);
  const answers = new Map<string, string>();
  const step = async (
    args: readonly string[],
    answer: (ended: Ended) => string,
    stdin = '',
  ): Promise<void> => {
    const ended = await inProcess(args, { cwd: folder, stdin });
    const broken = brokenEnd(ended);
    if (ended.code !== 0 && folder.endsWith(PLAIN)) throw new Error(`${args[0]}: ${ended.stderr}`);
    answers.set(
      args[0]!,
      broken ??
        (ended.code === 0 ? answer(ended) : `refused: ${ended.stderr.replaceAll(folder, '<folder>')}`),
    );
  };
  const bundle = join(folder, 'bundle');
  await step(['prep', 'tiny', '--quiet'], () => hashes(join(folder, 'prepared')));
  await step(['train', 'tiny', '--quiet', '--set', 'training.epochs=1'], () => trainedAnswer(folder));
  await step(['eval', 'tiny/latest', '--no-curves', '--quiet'], () => evaluatedAnswer(folder));
  await step(['export', 'tiny/latest', '--out', bundle, '--verify', '--quiet'], () => bundleAnswer(bundle));
  await step(['score', '--bundle', bundle, '--lookup', '--quiet'], ({ stdout }) => stdout, ROWS);
  await step(['refresh', '--bundle', bundle, '--events', join(folder, 'new.csv'), '--quiet'], () =>
    bundleAnswer(bundle),
  );
  return answers;
}

async function paths(context: Context): Promise<Tally> {
  const tally = tallying('paths', context);
  await inCopy(context, context.bare, async (place) => {
    const right = await round(join(place, PLAIN));
    for (const name of context.long ? NAMES : SHORT) {
      const got = await round(join(place, name));
      for (const [step, answer] of right) {
        const given = got.get(step);
        const fault = given === answer ? undefined : given?.split('\n').slice(0, 2).join(' | ').slice(0, 200);
        tally.try(`${step} in ${JSON.stringify(name)}`, fault);
      }
    }
  });
  return tally.end();
}

export const pathAttack: Attack = {
  kind: 'paths',
  what: 'prep, train, eval, export, score, refresh in folders named key=value, *, ?, [, spaces, quotes, Unicode; as in a plain one',
  run: paths,
};

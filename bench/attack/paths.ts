// A whole round in folders with difficult names: every result as in a plain one.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Attack, type Context, inCopy, tallying } from './context.js';
import type { Tally } from './outcome.js';
import { inProcess } from './program.js';
import { bareProject } from './project.js';
import { BY_NAME, plainRound, roundIn } from './round.js';

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

async function paths(context: Context): Promise<Tally> {
  const tally = tallying('paths', context);
  const right = await plainRound(context);
  await inCopy(context, context.bare, async (place) => {
    for (const name of context.long ? NAMES : SHORT) {
      const folder = join(place, name);
      mkdirSync(folder, { recursive: true });
      bareProject(folder);
      const got = await roundIn(folder, BY_NAME(folder), (args, stdin) =>
        inProcess(args, { cwd: folder, stdin }),
      );
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

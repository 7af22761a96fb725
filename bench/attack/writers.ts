// Two processes that write to one place at the same time: one waits, one is refused, or both are applied; nothing is lost.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAnswer, evaluatedAnswer, hashes, leftovers, trainedAnswer } from './answers.js';
import { type Attack, type Context, inCopy, tallying } from './context.js';
import { served } from './jobs.js';
import { brokenEnd, type Ended, firstLines, type Tally } from './outcome.js';
import { start } from './program.js';
import { newEvents } from './project.js';

interface Pair {
  readonly name: string;
  readonly args: readonly [readonly string[], readonly string[]];
  from(context: Context): string;
  /** What is wrong afterwards, given how the two ended. `right` is what one alone gives. */
  fault(project: string, ended: readonly Ended[], right: string): Promise<string | undefined>;
  /** What one alone gave, in a project that has it. */
  alone(project: string): string;
}

const both = (args: readonly string[]) => [args, args] as const;
const sameAsAlone =
  (answer: (project: string) => string): Pair['fault'] =>
  async (project, _ended, right) =>
    answer(project) === right ? undefined : 'another result than one alone gives';

/** Entities that a bundle serves. */
function entities(project: string): number {
  const manifest = JSON.parse(readFileSync(join(project, 'bundle', 'manifest.json'), 'utf8')) as {
    data: { entities: number };
  };
  return manifest.data.entities;
}

const NEW = 20;
const newcomers = (name: string): readonly string[] => Array.from({ length: NEW }, (_, n) => `${name}${n}`);

const PAIRS: readonly Pair[] = [
  {
    name: 'two preps of one log',
    args: both(['prep', 'tiny', '--quiet']),
    from: ({ bare }) => bare,
    alone: (project) => hashes(join(project, 'prepared')),
    fault: sameAsAlone((project) => hashes(join(project, 'prepared'))),
  },
  {
    name: 'two trainings of one recipe',
    args: both(['train', 'tiny', '--quiet']),
    from: ({ bare }) => bare,
    alone: trainedAnswer,
    fault: sameAsAlone(trainedAnswer),
  },
  {
    name: 'two evaluations of one run',
    args: both(['eval', 'tiny/latest', '--baseline', 'widedeep', '--no-curves', '--quiet']),
    from: ({ trained }) => trained,
    alone: evaluatedAnswer,
    fault: sameAsAlone(evaluatedAnswer),
  },
  {
    name: 'two exports to one folder',
    args: both(['export', 'tiny/latest', '--out', 'bundle', '--quiet']),
    from: ({ trained }) => trained,
    alone: (project) => bundleAnswer(join(project, 'bundle')),
    fault: sameAsAlone((project) => bundleAnswer(join(project, 'bundle'))),
  },
  {
    name: 'two refreshes of one bundle with different events',
    args: [
      ['refresh', '--bundle', 'bundle', '--events', 'a.csv', '--quiet'],
      ['refresh', '--bundle', 'bundle', '--events', 'b.csv', '--quiet'],
    ],
    from: ({ trained }) => trained,
    alone: () => '',
    fault: async (project, ended) => {
      const applied = ended.filter(({ code }) => code === 0).length;
      const had = 60;
      const found = entities(project) - had;
      if (found !== NEW * applied)
        return `${found} new entities after ${applied} refreshes that ended with 0`;
      const score = await served(project);
      return score.startsWith('exit code') ? score : undefined;
    },
  },
  {
    name: 'an export while the bundle is refreshed',
    args: [
      ['export', 'tiny/latest', '--out', 'bundle', '--quiet'],
      ['refresh', '--bundle', 'bundle', '--events', 'a.csv', '--quiet'],
    ],
    from: ({ trained }) => trained,
    alone: () => '',
    fault: async (project, ended) => {
      const found = entities(project) - 60;
      const score = await served(project);
      if (score.startsWith('exit code')) return score;
      // Whichever came last; but a refresh of nothing that is there afterwards must not have been told as done.
      return found === 0 || (found === NEW && ended[1]!.code === 0) ? undefined : `${found} new entities`;
    },
  },
];

/** One whose outcomes are the same, and one whose outcomes must both stay. */
const SHORT = ['two preps of one log', 'two refreshes of one bundle with different events'];

async function writers(context: Context): Promise<Tally> {
  const tally = tallying('writers', context);
  const pairs = context.long ? PAIRS : PAIRS.filter(({ name }) => SHORT.includes(name));
  for (const pair of pairs) {
    const right = pair.alone(context.trained);
    for (let round = 0; round < (context.long ? 12 : 1); round++)
      tally.try(
        pair.name,
        await inCopy(context, pair.from(context), async (project) => {
          for (const name of ['a', 'b'])
            writeFileSync(join(project, `${name}.csv`), newEvents(newcomers(name)));
          // The second begins up to a quarter of a second later, so that the two meet at different places.
          const first = start(pair.args[0], { cwd: project });
          await new Promise((resolve) => setTimeout(resolve, context.random.integer(250)));
          const second = start(pair.args[1], { cwd: project });
          const ended = [await first.ended, await second.ended];
          const broken = ended.map(brokenEnd).find((fault) => fault !== undefined);
          if (broken !== undefined) return broken;
          if (ended.every(({ code }) => code !== 0)) return `both refused: ${firstLines(ended[0]!.stderr)}`;
          const left = leftovers(project);
          if (left.length > 0) return `left behind: ${left.join(', ')}`;
          return pair.fault(project, ended, right);
        }),
      );
  }
  return tally.end();
}

export const writerAttack: Attack = {
  kind: 'writers',
  what: 'two processes at once: prep, train, eval, export, refresh, export with refresh',
  run: writers,
};

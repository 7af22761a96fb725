// A whole round, from a raw log to a refreshed bundle: what every step gives, and what a plain one gave.
import { join } from 'node:path';
import { bundleAnswer, evaluatedAnswer, hashes, trainedAnswer } from './answers.js';
import { type Context, copyOf } from './context.js';
import { brokenEnd, type Ended } from './outcome.js';
import { inProcess } from './program.js';
import { ROWS } from './project.js';

/** Runs a command in the folder it is to be given from. */
type Command = (args: readonly string[], stdin: string) => Promise<Ended>;

/** How the steps of a round are named and told where things are. */
export interface Round {
  /** Arguments of a step beyond those of all rounds. */
  readonly prep: readonly string[];
  readonly train: readonly string[];
  /** The run that was trained; asked after training. */
  run(): string;
  readonly bundle: string;
  readonly events: string;
}

export const BY_NAME = (project: string): Round => ({
  prep: ['tiny'],
  train: ['tiny'],
  run: () => 'tiny/latest',
  bundle: join(project, 'bundle'),
  events: join(project, 'new.csv'),
});

/** What each step gives in `project`, or how it ended. */
export async function roundIn(
  project: string,
  { prep, train, run, bundle, events }: Round,
  command: Command,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  const step = async (
    args: readonly string[],
    answer: (ended: Ended) => string,
    stdin = '',
  ): Promise<void> => {
    const ended = await command([...args, '--quiet'], stdin);
    const given =
      ended.code === 0 ? answer(ended) : `refused: ${ended.stderr.replaceAll(project, '<folder>')}`;
    answers.set(args[0]!, brokenEnd(ended) ?? given);
  };
  await step(['prep', ...prep], () => hashes(join(project, 'prepared')));
  await step(['train', ...train, '--set', 'training.epochs=2'], () => trainedAnswer(project));
  await step(['eval', run(), '--no-curves'], () => evaluatedAnswer(project));
  await step(['export', run(), '--out', bundle, '--verify'], () => bundleAnswer(bundle));
  await step(['score', '--bundle', bundle, '--lookup'], ({ stdout }) => stdout, ROWS);
  await step(['refresh', '--bundle', bundle, '--events', events], () => bundleAnswer(bundle));
  return answers;
}

/** What a round by name gives in a plain folder under the settings of this process, once for all kinds. */
export const plainRound = (context: Context): Promise<ReadonlyMap<string, string>> =>
  context.once('plain round', () => {
    const project = copyOf(context, context.bare);
    return roundIn(project, BY_NAME(project), async (args, stdin) => {
      const ended = await inProcess(args, { cwd: project, stdin });
      if (ended.code !== 0) throw new Error(`${args[0]}: ${ended.stderr}`);
      return ended;
    });
  });

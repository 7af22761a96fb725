// The commands that write: how each begins, how a user takes it up again after an accident, and what it must leave in the end.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAnswer, evaluatedAnswer, finishedRuns, hashes, trainedAnswer } from './answers.js';
import type { Context } from './context.js';
import { firstLines } from './outcome.js';
import { inProcess, run } from './program.js';
import { ROWS } from './project.js';

export interface Job {
  readonly name: string;
  readonly args: readonly string[];
  /** Project that it begins in. */
  from(context: Context): string;
  /** Changes the copy of that project. */
  setUp(project: string): void;
  /** The commands a user tries afterwards, until one of them ends with 0. */
  readonly again: readonly (readonly string[])[];
  /** What it has made, after all. */
  answer(project: string): string;
  /** It replaces a bundle: at every instant one must be there, the old one or the new. */
  readonly serves: boolean;
}

const nothing = (): void => undefined;
const train = ['train', 'tiny', '--quiet'];
const prep = ['prep', 'tiny', '--quiet'];
const evaluate = ['eval', 'tiny/latest', '--baseline', 'widedeep', '--no-curves', '--quiet'];
const exporting = ['export', 'tiny/latest', '--out', 'bundle', '--through', 'train', '--quiet'];
const refresh = ['refresh', '--bundle', 'bundle', '--events', 'new.csv', '--quiet'];

export const TRAIN: Job = {
  name: 'train',
  args: train,
  from: ({ bare }) => bare,
  setUp: nothing,
  again: [[...train, '--resume'], train],
  answer: trainedAnswer,
  serves: false,
};

export const JOBS: readonly Job[] = [
  TRAIN,
  {
    name: 'prep',
    args: prep,
    from: ({ bare }) => bare,
    setUp: nothing,
    again: [prep],
    answer: (project) => hashes(join(project, 'prepared')),
    serves: false,
  },
  {
    name: 'eval',
    args: evaluate,
    from: ({ trained }) => trained,
    setUp: (project) => {
      for (const file of ['eval.json', 'scores.parquet'])
        rmSync(join(finishedRuns(project).at(-1)!, file), { force: true });
    },
    again: [evaluate],
    answer: evaluatedAnswer,
    serves: false,
  },
  {
    name: 'export',
    args: exporting,
    from: ({ trained }) => trained,
    setUp: nothing,
    again: [exporting],
    answer: (project) => bundleAnswer(join(project, 'bundle')),
    serves: true,
  },
  {
    name: 'refresh',
    args: refresh,
    from: ({ trained }) => trained,
    setUp: nothing,
    again: [refresh],
    answer: (project) => bundleAnswer(join(project, 'bundle')),
    serves: true,
  },
];

/** What `limaml score` says of the project's bundle. */
export async function served(project: string): Promise<string> {
  const { code, stdout, stderr } = await inProcess(['score', '--bundle', 'bundle', '--lookup', '--quiet'], {
    cwd: project,
    stdin: ROWS,
  });
  return code === 0 ? stdout : `exit code ${code}: ${firstLines(stderr)}`;
}

/** What the job gives when nothing disturbs it, and what is served before and after. */
export interface Undisturbed {
  readonly answer: string;
  readonly served: readonly string[];
  /** How long a process of its own takes. */
  readonly ms: number;
  /** Its changes to the file system, in their order. */
  readonly operations: readonly string[];
}

/** The job run to its end in a process of its own, once for all kinds. */
export const undisturbed = (job: Job, context: Context): Promise<Undisturbed> =>
  context.once(`undisturbed ${job.name}`, () => runUndisturbed(job, context));

async function runUndisturbed(job: Job, context: Context): Promise<Undisturbed> {
  const folder = context.folder();
  const project = join(folder, 'project');
  const log = join(folder, 'operations');
  cpSync(job.from(context), project, { recursive: true });
  job.setUp(project);
  const before = job.serves ? [await served(project)] : [];
  const began = Date.now();
  const ended = await run(job.args, { cwd: project, env: { KILL_LOG: log } });
  const ms = Date.now() - began;
  if (ended.code !== 0) throw new Error(`${job.name}: ${firstLines(ended.stderr)}`);
  const result = {
    ms,
    answer: job.answer(project),
    served: job.serves ? [...before, await served(project)] : before,
    operations: readFileSync(log, 'utf8').trimEnd().split('\n'),
  };
  rmSync(folder, { recursive: true });
  return result;
}

/** After an accident: a bundle is there, the job can be taken up, and ends in the same. Undefined where all of that holds. */
export async function faultAfter(
  job: Job,
  project: string,
  right: Undisturbed,
  leftoversOf: (project: string) => readonly string[],
): Promise<string | undefined> {
  if (job.serves) {
    const now = await served(project);
    if (!right.served.includes(now)) return `the bundle is neither the old nor the new one: ${now}`;
  }
  let last = '';
  for (const args of job.again) {
    const ended = await inProcess(args, { cwd: project });
    last = `exit code ${ended.code} ${firstLines(ended.stderr)}`;
    if (ended.code === 0) break;
    if (ended.code !== 2) return `taking it up again: ${last}`;
  }
  const answer = job.answer(project);
  if (answer !== right.answer) return `taken up again it gives another result (${last})`;
  const left = leftoversOf(project);
  return left.length === 0 ? undefined : `left behind for ever: ${left.join(', ')}`;
}

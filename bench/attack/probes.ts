// The commands that read what others wrote, and their answers, by the part of a project that they read.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAnswer, evaluatedAnswer, hashes, numbersOf, withoutIds } from './answers.js';
import { type Ended, firstLines } from './outcome.js';
import { inProcess } from './program.js';
import { ROWS } from './project.js';

export interface Probe {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** What it answered with exit code 0. Removes what it wrote. */
  answer(project: string, ended: Ended): string;
  /** A list that goes on without what it could not read, and names it. */
  told?(ended: Ended): boolean;
}

const taken = (path: string, of: (path: string) => string): string => {
  const answer = of(path);
  rmSync(path, { recursive: true, force: true });
  return answer;
};

/** The page without the line that says when it was made. */
const page = (path: string): string => withoutIds(readFileSync(path, 'utf8'));

const out = 'made-by-probe';
const run = 'tiny/latest';

export const PROBES: Readonly<
  Record<'score' | 'refresh' | 'export' | 'eval' | 'prep' | 'report' | 'runs' | 'show', Probe>
> = {
  score: {
    name: 'score',
    args: ['score', '--bundle', 'bundle', '--lookup', '--quiet'],
    stdin: ROWS,
    answer: (_, { stdout }) => stdout,
  },
  refresh: {
    name: 'refresh',
    args: ['refresh', '--bundle', 'bundle', '--events', 'new.csv', '--out', out, '--quiet'],
    answer: (project) => taken(join(project, out), bundleAnswer),
  },
  export: {
    name: 'export',
    args: ['export', run, '--out', out, '--quiet'],
    answer: (project) => taken(join(project, out), bundleAnswer),
  },
  eval: {
    name: 'eval',
    args: ['eval', run, '--baseline', 'widedeep', '--no-curves', '--quiet'],
    answer: evaluatedAnswer,
  },
  prep: {
    name: 'prep',
    args: ['prep', 'tiny', '--quiet'],
    answer: (project) => hashes(join(project, 'prepared')),
  },
  report: {
    name: 'report',
    args: ['report', run, '--out', out, '--quiet'],
    answer: (project) => taken(join(project, out), page),
  },
  runs: {
    name: 'runs',
    args: ['runs', '--json'],
    answer: (_, { stdout }) => numbersOf(stdout),
    told: ({ stdout }) => (JSON.parse(stdout) as { unread: readonly unknown[] }).unread.length > 0,
  },
  show: {
    name: 'runs show',
    args: ['runs', 'show', run, '--json'],
    answer: (_, { stdout }) => numbersOf(stdout),
  },
};

/** Runs a probe. */
export const ask = (probe: Probe, project: string): Promise<Ended> =>
  inProcess(probe.args, { cwd: project, stdin: probe.stdin ?? '' });

/** What it answers in a project that nothing is wrong with. */
export async function rightAnswer(probe: Probe, project: string): Promise<string> {
  const ended = await ask(probe, project);
  if (ended.code !== 0) throw new Error(`${probe.name}: ${firstLines(ended.stderr)}`);
  return probe.answer(project, ended);
}

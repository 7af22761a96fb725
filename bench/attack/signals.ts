// Signals at random instants: the command ends as shells expect, leaves nothing half-written, and can be taken up again.
import { leftovers } from './answers.js';
import { type Attack, type Context, inCopy, pick, tallying } from './context.js';
import { faultAfter, JOBS, type Job, TRAIN, type Undisturbed, undisturbed } from './jobs.js';
import { brokenEnd, firstLines, type Tally } from './outcome.js';
import { start } from './program.js';

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const NAMES = Object.keys(CODES) as readonly (keyof typeof CODES)[];

/** Worker threads of the engine must end with the process, too. */
const WORKERS: Job = {
  ...TRAIN,
  name: 'train with two workers',
  args: ['train', 'tiny', '--quiet', '--set', 'execution.workers=2'],
  again: [
    ['train', 'tiny', '--quiet', '--set', 'execution.workers=2', '--resume'],
    ['train', 'tiny', '--quiet', '--set', 'execution.workers=2'],
  ],
};

async function oneSignal(
  job: Job,
  context: Context,
  right: Undisturbed,
  { signal, ms, twice }: { signal: keyof typeof CODES; ms: number; twice: boolean },
): Promise<string | undefined> {
  return inCopy(context, job.from(context), async (project) => {
    job.setUp(project);
    const { child, ended } = start(job.args, { cwd: project });
    const timer = setTimeout(() => {
      child.kill(signal);
      if (twice) child.kill(signal);
    }, ms);
    const result = await ended;
    clearTimeout(timer);
    // Before the program is loaded, the signal's own way is the end.
    const early = result.signal === signal && result.stderr === '';
    if (!early && result.code !== CODES[signal] && result.code !== 0)
      return result.code !== null && result.code <= 2
        ? `exit code ${result.code} instead of ${CODES[signal]}: ${firstLines(result.stderr)}`
        : (brokenEnd(result) ?? `exit code ${result.code}`);
    if (/Napi|terminate called|core dumped/.test(result.stderr)) return firstLines(result.stderr);
    // What another process would sweep up: a run that was stopped keeps its checkpoint, and nothing else.
    return faultAfter(job, project, right, leftovers);
  });
}

async function signals(context: Context): Promise<Tally> {
  const tally = tallying('signals', context);
  const jobs = context.long ? [...JOBS, WORKERS] : [WORKERS];
  for (const job of jobs) {
    // Workers change no byte of what is learned.
    const right = await undisturbed(job === WORKERS ? TRAIN : job, context);
    for (let n = 0; n < (context.long ? 15 : 1); n++) {
      const signal = pick(context.random, NAMES);
      const twice = n % 5 === 4;
      const ms = Math.round(context.random.uniform() * right.ms);
      const name = `${job.name}: ${signal}${twice ? ' twice' : ''} after ${ms} ms`;
      tally.try(name, await oneSignal(job, context, right, { signal, ms, twice }));
    }
  }
  return tally.end();
}

export const signalAttack: Attack = {
  kind: 'signals',
  what: 'SIGINT, SIGTERM, SIGHUP, and twice, to every command that writes; then taken up again',
  run: signals,
};

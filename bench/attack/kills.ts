// Kills without warning: after each change to the file system that a command makes, and at random instants.
import { leftovers } from './answers.js';
import { type Attack, type Context, inCopy, tallying } from './context.js';
import { faultAfter, JOBS, type Job, type Undisturbed, undisturbed } from './jobs.js';
import { brokenEnd, type Tally } from './outcome.js';
import { start } from './program.js';

/** Random instants of each job. */
const RANDOM = { long: 20, short: 0 };
/** One that is resumed, and one that replaces what is served. */
const SHORT_JOBS = ['train', 'refresh'];
/** Points after a file operation; undefined: each of them. */
const POINTS = { long: undefined, short: 1 };

async function oneKill(
  job: Job,
  context: Context,
  right: Undisturbed,
  when: { readonly operation: number } | { readonly ms: number },
): Promise<string | undefined> {
  return inCopy(context, job.from(context), async (project) => {
    job.setUp(project);
    const env = 'operation' in when ? { KILL_AT: String(when.operation) } : {};
    const { child, ended } = start(job.args, { cwd: project, env });
    const timer = 'ms' in when ? setTimeout(() => child.kill('SIGKILL'), when.ms) : undefined;
    const result = await ended;
    clearTimeout(timer);
    if (result.signal !== 'SIGKILL' && brokenEnd(result) !== undefined) return brokenEnd(result);
    return faultAfter(job, project, right, leftovers);
  });
}

/** `count` numbers spread over 1…most, each in another part of it. */
function spread(count: number | undefined, most: number, context: Context): readonly number[] {
  if (count === undefined || count >= most) return Array.from({ length: most }, (_, i) => i + 1);
  const part = most / count;
  return Array.from({ length: count }, (_, i) => 1 + Math.floor((i + context.random.uniform()) * part));
}

async function kills(context: Context): Promise<Tally> {
  const tally = tallying('kills', context);
  const jobs = context.long ? JOBS : JOBS.filter(({ name }) => SHORT_JOBS.includes(name));
  for (const job of jobs) {
    const right = await undisturbed(job, context);
    const count = right.operations.length;
    const points = spread(context.long ? POINTS.long : POINTS.short, count, context);
    context.note(`${job.name}: ${count} operations, of which ${points.length} are tried`);
    for (const operation of points) {
      const name = `${job.name} killed after operation ${operation}`;
      tally.try(name, await oneKill(job, context, right, { operation }));
    }
    for (let n = 0; n < (context.long ? RANDOM.long : RANDOM.short); n++) {
      const at = Math.round(context.random.uniform() * right.ms);
      tally.try(`${job.name} killed after ${at} ms`, await oneKill(job, context, right, { ms: at }));
    }
  }
  return tally.end();
}

export const killAttack: Attack = {
  kind: 'kills',
  what: 'SIGKILL to prep, train, eval, export, refresh after each file operation and at random instants; then taken up again',
  run: kills,
};

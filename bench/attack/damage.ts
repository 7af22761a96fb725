// One flipped bit, or a cut, in every file that the program wrote itself: noticed, or without consequence.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomStream } from '../../src/random.js';
import { filesUnder, trainedAnswer } from './answers.js';
import { type Attack, type Context, inCopy, pick, tallying } from './context.js';
import { TRAIN, undisturbed } from './jobs.js';
import { brokenEnd, type Tally, wrongEnd } from './outcome.js';
import { ask, PROBES, type Probe, rightAnswer } from './probes.js';
import { inProcess, run } from './program.js';

/** Which commands read the files of a folder. */
const READERS: readonly (readonly [folder: RegExp, probes: readonly Probe[]])[] = [
  [/^bundle\//, [PROBES.score, PROBES.refresh]],
  [/^prepared\//, [PROBES.eval, PROBES.export, PROBES.prep]],
  [/^experiments\/tiny\/runs\//, [PROBES.eval, PROBES.export, PROBES.report, PROBES.runs, PROBES.show]],
];

interface Damage {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A bit flipped, or the end cut off. */
export function damaged(random: RandomStream, whole: Buffer): Damage {
  if (whole.length === 0 || random.uniform() < 0.25) {
    const length = random.integer(Math.max(1, whole.length));
    return { name: `cut to ${length} bytes`, bytes: whole.subarray(0, length) };
  }
  const at = random.integer(whole.length);
  const bit = random.integer(8);
  const bytes = Buffer.from(whole);
  bytes[at]! ^= 1 << bit;
  return { name: `bit ${bit} of byte ${at} flipped`, bytes };
}

async function damageFiles(context: Context, tally: ReturnType<typeof tallying>): Promise<void> {
  await inCopy(context, context.trained, async (project) => {
    const answers = new Map<Probe, string>();
    const files = filesUnder(project).filter((file) => READERS.some(([folder]) => folder.test(file)));
    for (const [place, file] of files.entries()) {
      if (!context.long && (place + context.random.integer(2)) % 4 > 0) continue;
      const [, probes] = READERS.find(([folder]) => folder.test(file))!;
      for (let n = 0; n < (context.long ? 12 : 1); n++) {
        const path = join(project, file);
        const whole = readFileSync(path);
        const { name, bytes } = damaged(context.random, whole);
        const probe = context.long ? probes[n % probes.length]! : pick(context.random, probes);
        // Asked while the project is whole.
        const right = answers.get(probe) ?? (await rightAnswer(probe, project));
        answers.set(probe, right);
        writeFileSync(path, bytes);
        const ended = await ask(probe, project);
        const answer = (): string => (probe.told?.(ended) ? right : probe.answer(project, ended));
        const fault = wrongEnd(ended, answer, right);
        tally.try(`${file.replace(/\d{8}-\d{6}-\w{6}/, '<run>')} ${name}, ${probe.name}`, fault);
        await restore(project, file, whole, context.trained);
      }
    }
  });
}

/** Puts the project back: the file itself, and what a probe may have made beside it. */
async function restore(project: string, file: string, whole: Buffer, from: string): Promise<void> {
  writeFileSync(join(project, file), whole);
  const was = new Set(filesUnder(from));
  for (const other of filesUnder(project)) if (!was.has(other)) rmSync(join(project, other));
  if (!file.endsWith('eval.json') && !file.endsWith('scores.parquet')) return;
  for (const other of was)
    if (/eval\.json$|scores\.parquet$/.test(other))
      writeFileSync(join(project, other), readFileSync(join(from, other)));
}

/** A training that was killed half-way, and whose files are damaged before it is taken up again. */
async function damageResume(context: Context, tally: ReturnType<typeof tallying>): Promise<void> {
  const { answer: right, operations } = await undisturbed(TRAIN, context);
  const killAt = operations.findLastIndex((line) => line.includes('resume.safetensors'));
  await inCopy(context, TRAIN.from(context), async (project) => {
    const { signal } = await run(TRAIN.args, { cwd: project, env: { KILL_AT: String(killAt + 1) } });
    if (signal !== 'SIGKILL') throw new Error('the training to be resumed came to its end');
    const files = filesUnder(project).filter((file) => /tiny\/runs\//.test(file));
    for (const file of files.filter((name) => !name.endsWith('.tmp')))
      for (let n = 0; n < (context.long ? 8 : 1); n++)
        await inCopy(context, project, async (copy) => {
          const { name, bytes } = damaged(context.random, readFileSync(join(copy, file)));
          writeFileSync(join(copy, file), bytes);
          const ended = await inProcess(['train', 'tiny', '--quiet', '--resume'], { cwd: copy });
          const fault =
            ended.code === 0 ? wrongEnd(ended, () => trainedAnswer(copy), right) : brokenEnd(ended);
          tally.try(`stopped run, ${file.split('/').slice(4).join('/')} ${name}, train --resume`, fault);
        });
  });
}

async function damage(context: Context): Promise<Tally> {
  const tally = tallying('damage', context);
  await damageFiles(context, tally);
  await damageResume(context, tally);
  return tally.end();
}

export const damageAttack: Attack = {
  kind: 'damage',
  what: 'a flipped bit or a cut in every file of prepared data, runs, stopped runs and bundles, before every command that reads it',
  run: damage,
};

// One run of the real program in a process of its own: how long it took, and what it used.
import { spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InternalError } from '../../src/errors.js';

export interface MeasuredRun {
  readonly seconds: number;
  /** Of all threads: on a busy machine the only figure that keeps its meaning. */
  readonly cpuSeconds: number;
  /** Highest resident memory of the process, in MB of 2^20 bytes. */
  readonly peakMb: number;
}

/** The same, with what it wrote to standard output. */
interface AnsweredRun extends MeasuredRun {
  readonly output: string;
}

/** Runs `limaml …args` as built in `built`, with a file as its input where there is one. Throws `InternalError` with its last words when it fails. */
export async function measuredRun(
  built: string,
  args: readonly string[],
  workDirectory: string,
  input?: string,
): Promise<AnsweredRun> {
  const usageFile = join(workDirectory, 'usage.json');
  await rm(usageFile, { force: true });
  const watcher = pathToFileURL(join(built, 'prep', 'used-resources.js')).href;
  const program = join(built, '..', 'bin', 'limaml.js');
  const from = process.hrtime.bigint();
  const file = input === undefined ? undefined : await open(input);
  const child = spawn(process.execPath, ['--import', watcher, program, ...args], {
    cwd: workDirectory,
    env: { ...process.env, LIMAML_BENCH_USAGE: usageFile },
    stdio: [file?.fd ?? 'ignore', 'pipe', 'pipe'],
  });
  let words = '';
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  await file?.close();
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  if (code !== 0) throw new InternalError(`limaml ${args[0]} left with ${code}:\n${words}`);
  const used = JSON.parse(await readFile(usageFile, 'utf8')) as Omit<MeasuredRun, 'seconds'>;
  return { seconds, ...used, output };
}

// Runs limaml: as a process that can be killed, or in this one, which is fifty times quicker.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { main } from '../../src/cli/main.js';
import { packageRoot } from '../../src/package-root.js';
import type { Ended } from './outcome.js';

const PROGRAM = join(packageRoot(), 'dist', 'bin', 'limaml.js');
const HOOK = join(packageRoot(), 'dist', 'bench', 'attack', 'kill-hook.js');

interface RunOptions {
  readonly cwd: string;
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Past this it is taken to hang. */
  readonly timeoutMs?: number;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The environment without the folder of real logs: an attacked project has data of its own. */
const OWN_ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'LIMAML_DATA'),
);

/** Starts a process. Its file operations are counted where `env` has `KILL_AT` or `KILL_LOG`. */
export function start(args: readonly string[], options: RunOptions): Started {
  const { cwd, stdin, env = {}, timeoutMs = 180_000 } = options;
  const hook = 'KILL_AT' in env || 'KILL_LOG' in env ? ['--import', pathToFileURL(HOOK).href] : [];
  const child = spawn(process.execPath, [...hook, PROGRAM, ...args], {
    cwd,
    env: { ...OWN_ENVIRONMENT, ...env },
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  child.stdin.on('error', () => undefined); // it may leave before it has read everything
  child.stdin.end(stdin ?? '');
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...output, late });
    });
  });
  return { child, ended };
}

export const run = (args: readonly string[], options: RunOptions): Promise<Ended> =>
  start(args, options).ended;

/** Runs the command line in this process; a crash of native code would take this process along. */
export async function inProcess(args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, stdin = '', env = {}, timeoutMs = 120_000 } = options;
  const output = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      output[name] += text;
      return true;
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const bytes = Buffer.from(stdin);
  const code = await Promise.race([
    late,
    main({
      argv: args,
      stdin: Readable.from(bytes.length > 0 ? [bytes] : [], { objectMode: false }),
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      env: { ...OWN_ENVIRONMENT, ...env },
      cwd,
      now: () => new Date(),
    }),
  ]);
  clearTimeout(timer);
  return { code: code === 'late' ? null : code, signal: null, ...output, late: code === 'late' };
}

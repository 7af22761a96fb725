// Runs the real program, as a user would: the compiled file, in a folder of its own, with a clean environment.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const PROGRAM = join(ROOT, 'dist', 'bin', 'limaml.js');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Stops the program once its standard error matches. */
  readonly interruptAt?: RegExp;
}

/** Runs `limaml …args` to its end. */
export async function limaml(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { PATH, HOME, ...(TMPDIR === '' ? {} : { TMPDIR }), ...options.env },
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  let interrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
    if (options.interruptAt?.test(output.stderr) && !interrupted) {
      interrupted = true;
      child.kill('SIGINT');
    }
  });
  child.stdin.end(options.stdin ?? '');
  const code = await new Promise<number | null>((resolvePromise, reject) => {
    child.on('error', reject).on('close', resolvePromise);
  });
  return { code, ...output };
}

// The command line in this process: five times quicker than one of its own, and open to what cannot be arranged from outside.
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { main } from '../../src/cli/main.js';
import type { Host } from '../../src/cli/terminal/host.js';
import { type Outcome, ROOT } from './run-limaml.js';

/** Parts of a host; what is read may be given as text. */
type Parts = Partial<Omit<Host, 'stdin'>> & { readonly stdin?: Host['stdin'] | string };

/** Runs `limaml …args` over a host of strings; parts of it are replaced. */
export const runMain = (args: readonly string[], parts: Parts = {}): Promise<Outcome> =>
  over(main, args, parts);

/** The same with the compiled program, loaded as Node loads it: its modules are those that a model of one's own imports. */
export async function runBuilt(args: readonly string[], parts: Parts = {}): Promise<Outcome> {
  const built = (await import(pathToFileURL(join(ROOT, 'dist/src/cli/main.js')).href)) as {
    main: typeof main;
  };
  return over(built.main, args, parts);
}

async function over(
  program: typeof main,
  args: readonly string[],
  { stdin = '', ...parts }: Parts,
): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): Host['stdout'] => ({
    write: (text) => {
      output[name] += text;
      return true;
    },
  });
  const host: Host = {
    argv: args,
    stdin: typeof stdin === 'string' ? Readable.from([Buffer.from(stdin)]) : stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    cwd: process.cwd(),
    now: () => new Date(),
    ...parts,
  };
  return { code: await program(host), ...output };
}

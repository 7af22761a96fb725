// The command line in this process, for what a test cannot arrange from outside: a terminal, a clock, a stream that fails.

import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.js';
import type { Host } from '../../src/cli/terminal/host.js';
import type { Outcome } from './run-limaml.js';

/** Runs `limaml …args` over a host of strings; parts of it are replaced. */
export async function runMain(args: readonly string[], parts: Partial<Host> = {}): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): Host['stdout'] => ({
    write: (text) => {
      output[name] += text;
      return true;
    },
  });
  const host: Host = {
    argv: args,
    stdin: Readable.from([]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    cwd: process.cwd(),
    now: () => new Date(),
    ...parts,
  };
  return { code: await main(host), ...output };
}

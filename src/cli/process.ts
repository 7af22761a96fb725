// The real process as a host: broken pipes, interruption and last-resort faults are settled here, once.

import { EXIT } from '../errors.js';
import { interrupt } from '../interruption.js';
import type { Host } from './terminal/host.js';

/** Exit codes of a program ended by a signal, as shells count them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Makes the process ready to run a command. */
export function attachProcess(): Host {
  for (const stream of [process.stdout, process.stderr]) {
    // `limaml … | head`: the reader has what it wanted. Anything else wrong with the stream is a fault.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.done);
      throw error;
    });
  }
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      const kept = interrupt();
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K\x1b[?25h');
      process.stderr.write(['interrupted', ...kept].map((line) => `${line}\n`).join(''));
      process.exit(code);
    });
  }
  return {
    argv: process.argv.slice(2),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
  };
}

/** Ends the process when everything written has left it: native threads and open handles must not keep it alive. */
export async function leave(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => {
        resolve();
      });
    });
  process.exit(code);
}

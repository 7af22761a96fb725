// The real process as a host: lost streams, interruption and last-resort faults are settled here, once.

import { EXIT } from '../errors.js';
import { comeToRest, interrupt } from '../interruption.js';
import type { Failure } from './failure/explain.js';
import type { Host } from './terminal/host.js';
import { OutputLost } from './terminal/output-lost.js';

/** Exit codes of a program ended by a signal, as shells count them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** What keeps standard output from being written to. */
let fault: NodeJS.ErrnoException | undefined;

/** Longest wait for worker threads to end what they are at: far longer than any piece of a batch takes. */
const REST_MS = 5000;

/** Makes the process ready to run a command. */
export function attachProcess(): Host {
  const { stdin, stdout, stderr, env } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    fault ??= error;
  });
  // Words on how it goes are lost where nobody listens; the work is not.
  stderr.on('error', () => undefined);
  let leaving = false;
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, async () => {
      // Asked twice: undone is what must be, and nothing is waited for.
      if (leaving) {
        undo();
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
        return;
      }
      leaving = true;
      // A thread that is ended within a native call takes the whole process down with another code.
      await comeToRest(REST_MS);
      undo();
      process.exit(code);
    });
  }
  const host: Host = {
    argv: process.argv.slice(2),
    stdin,
    stdout: {
      write: (text) => stdout.write(text),
      once: (event, listener) => stdout.once(event, listener),
      fault: () => fault,
      get isTTY() {
        return stdout.isTTY;
      },
      get columns() {
        return stdout.columns;
      },
    },
    stderr,
    env,
    cwd: process.cwd(),
    now: () => new Date(),
  };
  // Thrown where no command could catch it; left alone, Node ends with 1, which means a failed check here.
  process.on('uncaughtException', (error) => {
    interrupt();
    void explained(host, error).then((code) => process.exit(code));
  });
  return host;
}

function undo(): void {
  const kept = interrupt();
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K\x1b[?25h');
  process.stderr.write(['interrupted', ...kept].map((line) => `${line}\n`).join(''));
}

/** Ends the process when everything written has left it: native threads and open handles must not keep it alive. */
export async function leave(host: Host, code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => {
        resolve();
      });
    });
  // The work is done; a reader that went away does not change that, a result that was to be kept and is not does.
  const lost = fault !== undefined && fault.code !== 'EPIPE' && code === EXIT.done;
  process.exit(lost ? await explained(host, new OutputLost(fault!, true)) : code);
}

async function explained(host: Host, error: unknown): Promise<number> {
  const [{ explainFailure }, { renderFailure }] = await Promise.all([
    import('./failure/explain.js'),
    import('./failure/render.js'),
  ]);
  const failure: Failure = explainFailure(error, host.argv);
  renderFailure(failure, { host, debug: host.argv.includes('--debug'), json: false });
  return failure.exitCode;
}

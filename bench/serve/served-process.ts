// A server as a process of its own, from its first answer to its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { InternalError } from '../../src/errors.js';

const PATIENCE_MS = 120_000;

interface ServedProcess {
  stop(): Promise<void>;
}

/** Starts a program and waits until `address` answers. */
export async function servedProcess(
  command: string,
  args: readonly string[],
  address: string,
): Promise<ServedProcess> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-2000);
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for (let waited = 0; ; waited += 100) {
    if (child.exitCode !== null || waited > PATIENCE_MS)
      throw new InternalError(`${command} does not serve: ${said}`);
    const ok = await fetch(`${address}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) break;
    await sleep(100);
  }
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

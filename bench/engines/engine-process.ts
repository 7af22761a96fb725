// One engine as a child process that speaks the protocol of bench/peers/serve.py.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface EngineCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export interface Timing {
  readonly msPerStep: readonly number[];
  /** Cores this engine kept busy on average. */
  readonly cpu: number;
  /** Cores everything else on the machine kept busy meanwhile; null where the system does not tell. */
  readonly others: number | null;
}

export interface RunningEngine {
  readonly version: string;
  /** The first 20 losses, or 20 sampled outputs. */
  readonly checks: readonly number[];
  /** @param warm steps before them that are not measured, at most as many; 2 when absent */
  time(steps: number, warm?: number): Promise<Timing>;
  peakGflops(): Promise<number>;
  /** Ends the process; its peak resident memory in MB. */
  stop(): Promise<number>;
}

interface Event {
  readonly event: 'ready' | 'timed' | 'peak' | 'done';
  readonly [key: string]: unknown;
}

/** Starts an engine and waits until it is ready. Throws with the tail of its standard error when it ends early. */
export async function startEngine(command: EngineCommand): Promise<RunningEngine> {
  const child = spawn(command.file, [...command.args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // On a card float32 products in all engines: without it ONNX Runtime multiplies in TF32, PyTorch does not.
    env: { NVIDIA_TF32_OVERRIDE: '0', ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      reject(new Error(`${command.file} ${command.args.join(' ')} ended with ${code}: ${complaint.trim()}`)),
    );
  });
  ended.catch(() => {}); // Awaited beside every answer below; an end after `stop` is no failure.
  // A write to a process that has ended is reported through `ended`, with its exit code and last words.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (expected: Event['event']): Promise<Event> => {
    const { value, done } = await Promise.race([lines.next(), ended]);
    if (done) return ended;
    const event = JSON.parse(value as string) as Event;
    if (event.event !== expected) throw new Error(`expected "${expected}", the engine said ${value}`);
    return event;
  };
  const ask = (request: string, expected: Event['event']): Promise<Event> => {
    child.stdin.write(`${request}\n`);
    return answer(expected);
  };
  const ready = await answer('ready');
  return {
    version: ready['version'] as string,
    checks: ready['checks'] as number[],
    time: async (steps, warm = 2) => (await ask(`time ${steps} ${warm}`, 'timed')) as unknown as Timing,
    peakGflops: async () => (await ask('peak', 'peak'))['gflops'] as number,
    stop: async () => {
      child.stdin.end();
      return (await answer('done'))['peakRssMb'] as number;
    },
  };
}

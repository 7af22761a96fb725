// Our side of the protocol of bench/peers/serve.py: one JSON object a line.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { matmul } from '../../src/graph/ops/algebra.js';
import { input } from '../../src/graph/ops/leaves.js';
import type { Device } from '../../src/runtime/executor.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';
import type { Timing } from './engine-process.js';

/** One workload made ready to run. */
export interface BenchEngine {
  /** Runs step i and waits for its outcome. */
  step(i: number): Promise<void>;
  /** The 20 numbers that engines are compared by; of a training workload the losses of steps 0 to 19. */
  checks(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Threads of the engine, and what it computes on. */
interface Placed {
  readonly threads: number;
  readonly device: Device;
}

const CHECKED_STEPS = 20;
const PEAK_SIZE = 2048;

function say(event: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Seconds all cores have been busy or stolen since boot; undefined where /proc/stat is absent. */
function machineBusySeconds(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/stat', 'utf8');
  } catch {
    return undefined; // Not Linux: the protocol has a null for it.
  }
  const [user, nice, system, , , irq, soft, steal] = text.split('\n')[0]!.split(/\s+/).slice(1).map(Number);
  // Ticks are 1/100 s wherever Linux runs Node.
  return (user! + nice! + system! + irq! + soft! + steal!) / 100;
}

async function timed(engine: BenchEngine, first: number, count: number, warm: number): Promise<Timing> {
  for (let i = 0; i < warm; i++) await engine.step(first + i);
  const msPerStep: number[] = [];
  const busy = machineBusySeconds();
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    await engine.step(first + warm + i);
    msPerStep.push(performance.now() - before);
  }
  const seconds = (performance.now() - start) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const mine = (cpu.user + cpu.system) / 1e6;
  const others =
    busy === undefined ? null : Math.max(0, ((machineBusySeconds() ?? busy) - busy - mine) / seconds);
  return { msPerStep, cpu: mine / seconds, others };
}

/** GFLOP/s of the best of 12 runs of a 2048³ float32 product through ONNX Runtime. */
async function peakGflops(placed: Placed): Promise<number> {
  const shape = [PEAK_SIZE, PEAK_SIZE];
  const program = { outputs: { c: matmul(input('a', shape), input('b', shape)) } };
  const compiled = await onnxruntime.compile(program, placed);
  const data = new Float32Array(PEAK_SIZE * PEAK_SIZE).fill(0.5);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    await compiled.run({ a: { data, shape }, b: { data, shape } });
    best = Math.min(best, performance.now() - start);
  }
  await compiled.dispose();
  return (2 * PEAK_SIZE ** 3) / (best / 1000) / 1e9;
}

/** Says `ready`, then answers requests until standard input ends. */
export async function serve(
  about: { readonly engine: string; readonly version: string; readonly setting: string },
  placed: Placed,
  engine: BenchEngine,
): Promise<void> {
  say({ event: 'ready', ...about, threads: placed.threads, checks: await engine.checks() });
  let done = CHECKED_STEPS;
  for await (const line of createInterface({ input: process.stdin })) {
    const [request, count, unmeasured = '2'] = line.split(' ');
    if (request === 'time') {
      const warm = Math.min(Number(unmeasured), Number(count));
      const timing = await timed(engine, done, Number(count), warm);
      done += warm + timing.msPerStep.length;
      say({ event: 'timed', ...timing });
    } else if (request === 'peak') say({ event: 'peak', gflops: await peakGflops(placed) });
    else throw new Error(`unknown request: ${line}`);
  }
  await engine.close();
  say({ event: 'done', peakRssMb: process.resourceUsage().maxRSS / 1024 });
}

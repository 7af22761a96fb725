// Timed rounds taken in turn, A B C A B C, so that a slow minute of the machine falls on every engine alike.
import type { RunningEngine, Timing } from '../engines/engine-process.js';

export interface RoundsOptions {
  /** Rounds of each engine. */
  readonly rounds: number;
  /** A round lasts about this long, and one step at least. */
  readonly roundMs: number;
  /** In place of that: so many steps. */
  readonly roundSteps?: number;
  /** In place of rounds: so many parts of one whole, a step each, each timed once. */
  readonly parts?: number;
  /** Steps of each engine before its first round. */
  readonly warmSteps?: number;
  readonly note: (text: string) => void;
}

export interface Measured {
  /** Mean ms of a step in each round, what is done once for many steps shared among them; round i of every engine ran in the same pass. */
  readonly roundMs: readonly number[];
  /** Median and quartiles of `roundMs`. */
  readonly medianMs: number;
  readonly firstQuartileMs: number;
  readonly thirdQuartileMs: number;
  /** CPU ms of a step in each round, over all threads. */
  readonly roundCpuMs: readonly number[];
  /** CPU time of a step over all threads, median over rounds: what is left of the time when the machine is shared. */
  readonly cpuMs: number;
  /** Cores that everything else on the machine kept busy meanwhile, median over rounds; null where it is not known. */
  readonly others: number | null;
}

/** Value at fraction `at` of the sorted values, between neighbours where it falls between. NaN of no values. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? below) - below);
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** What an engine's rounds come to. */
export function summarise(timings: readonly Timing[]): Measured {
  const roundMs = timings.map(({ msPerStep }) => mean(msPerStep));
  const roundCpuMs = timings.map(({ cpu, msPerStep }) => cpu * mean(msPerStep));
  const others = timings.flatMap((timing) => (timing.others === null ? [] : [timing.others]));
  return {
    roundMs,
    medianMs: median(roundMs),
    firstQuartileMs: quantile(roundMs, 0.25),
    thirdQuartileMs: quantile(roundMs, 0.75),
    roundCpuMs,
    cpuMs: median(roundCpuMs),
    others: others.length === 0 ? null : median(others),
  };
}

/** How many times as long `theirs` takes as `ours`: median and quartiles of the ratios of rounds of one pass. */
export function pairedRatio(
  theirs: Measured,
  ours: Measured,
): { readonly median: number; readonly firstQuartile: number; readonly thirdQuartile: number } {
  const ratios = theirs.roundMs.map((ms, pass) => ms / ours.roundMs[pass]!);
  return {
    median: median(ratios),
    firstQuartile: quantile(ratios, 0.25),
    thirdQuartile: quantile(ratios, 0.75),
  };
}

/** Times the engines in turn. Every pass begins with another engine, so that none always follows the same one. */
export async function timeInTurn(
  engines: ReadonlyMap<string, RunningEngine>,
  options: RoundsOptions,
): Promise<Map<string, Measured>> {
  const timings = new Map<string, Timing[]>();
  const steps = new Map<string, number>();
  const { parts, rounds, roundMs, roundSteps, warmSteps = 1 } = options;
  for (const [name, engine] of engines) {
    timings.set(name, []);
    if (parts !== undefined) continue;
    const { msPerStep } = await engine.time(warmSteps);
    steps.set(name, roundSteps ?? Math.max(1, Math.round(roundMs / Math.min(...msPerStep))));
  }
  const order = [...engines];
  const passes = parts ?? rounds;
  for (let pass = 0; pass < passes; pass++) {
    options.note(`pass ${pass + 1} of ${passes}`);
    const first = pass % order.length;
    for (const [name, engine] of [...order.slice(first), ...order.slice(0, first)])
      timings
        .get(name)!
        .push(await (parts === undefined ? engine.time(steps.get(name)!) : engine.time(1, 0)));
  }
  return new Map([...timings].map(([name, list]) => [name, summarise(list)]));
}

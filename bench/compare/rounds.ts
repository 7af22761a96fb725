// Timed rounds taken in turn, A B C A B C, so that a slow minute of the machine falls on every engine alike.
import type { RunningEngine, Timing } from '../engines/engine-process.js';

export interface RoundsOptions {
  /** Rounds wanted of each engine. */
  readonly rounds: number;
  /** Passes over the engines at most: rounds in which other work took the machine are repeated. */
  readonly passes: number;
  /** Cores' worth of other work that a round may suffer and still count. */
  readonly quiet: number;
  /** A round lasts about this long. */
  readonly roundMs: number;
  readonly note: (text: string) => void;
}

export interface Measured {
  /** Median over all steps of the counted rounds. */
  readonly medianMs: number;
  readonly firstQuartileMs: number;
  readonly thirdQuartileMs: number;
  /** Busy cores of the engine's process, median over rounds. */
  readonly cpu: number;
  readonly rounds: number;
  /** Whether enough rounds ran undisturbed; if not, the least disturbed ones were counted. */
  readonly quiet: boolean;
}

/** Value at fraction `at` of the sorted values (nearest rank). */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? Number.NaN;
}

/** The `rounds` least disturbed timings, pooled. */
export function pool(timings: readonly Timing[], rounds: number, quiet: number): Measured {
  const ordered = [...timings].sort((a, b) => (a.others ?? 0) - (b.others ?? 0)).slice(0, rounds);
  const steps = ordered.flatMap((timing) => timing.msPerStep);
  return {
    medianMs: quantile(steps, 0.5),
    firstQuartileMs: quantile(steps, 0.25),
    thirdQuartileMs: quantile(steps, 0.75),
    cpu: quantile(
      ordered.map((timing) => timing.cpu),
      0.5,
    ),
    rounds: ordered.length,
    quiet: ordered.length >= rounds && ordered.every((timing) => (timing.others ?? 0) <= quiet),
  };
}

/** Times the engines in turn until each has its rounds, or the passes are used up. */
export async function timeInTurn(
  engines: ReadonlyMap<string, RunningEngine>,
  options: RoundsOptions,
): Promise<Map<string, Measured>> {
  const timings = new Map<string, Timing[]>();
  const steps = new Map<string, number>();
  for (const [name, engine] of engines) {
    const { msPerStep } = await engine.time(2);
    steps.set(name, Math.max(1, Math.round(options.roundMs / Math.min(...msPerStep))));
    timings.set(name, []);
  }
  const quietRounds = (name: string): number =>
    timings.get(name)!.filter((timing) => (timing.others ?? 0) <= options.quiet).length;
  for (let pass = 1; pass <= options.passes; pass++) {
    const open = [...engines].filter(([name]) => quietRounds(name) < options.rounds);
    if (open.length === 0) break;
    options.note(`pass ${pass}: ${open.length} of ${engines.size} engines to time`);
    for (const [name, engine] of open) timings.get(name)!.push(await engine.time(steps.get(name)!));
  }
  return new Map([...timings].map(([name, list]) => [name, pool(list, options.rounds, options.quiet)]));
}

// One setting: start its engines, compare what they compute, time them in turn.
import { CheckFailed, UserError } from '../../src/errors.js';
import { deviceStarts, unmetOn } from '../engines/device-needs.js';
import { type BenchDevice, type EngineSpec, engineCommand, engineSpecs } from '../engines/engine-list.js';
import { type EngineCommand, type RunningEngine, startEngine } from '../engines/engine-process.js';
import { unmetNeeds } from '../engines/peer-needs.js';
import { readWorkload } from '../workloads/arrays.js';
import { gflopOf } from '../workloads/gflop.js';
import { type Setting, workloadFolder } from '../workloads/settings.js';
import { compareChecks } from './agreement.js';
import { type Measured, type RoundsOptions, timeInTurn } from './rounds.js';

/** Losses and sampled outputs of all engines must agree this closely. */
export const TOLERANCE = 1e-4;
/** Of the numbers of a replay so many may part: five vectors of ten thousand did, of PyTorch in float32 by PyTorch in float64 four. */
const APART = 0.005;

export interface EngineResult extends Measured {
  readonly engine: string;
  readonly family: EngineSpec['family'];
  readonly version: string;
  readonly threads: number;
  readonly perSecond: number;
  /** Of a large float32 product through the same runtime on the same threads. */
  readonly peakGflops: number;
  /** Share of that peak which the setting's matrix products reach; nominal, see workloads/gflop.ts. */
  readonly peakShare: number;
  readonly peakRssMb: number;
}

export interface SettingResult {
  readonly setting: string;
  readonly title: string;
  readonly unit: string;
  /** 10⁹ operations in the matrix products of a step, see workloads/gflop.ts. */
  readonly gflop: number;
  /** What `checks` are: losses or sampled outputs. */
  readonly checkName: string;
  /** Parts that were timed, of a setting in parts: their times add up. */
  readonly parts?: number;
  readonly checks: readonly number[];
  readonly largestDifference: number;
  /** Numbers that differ by more all the same, of the engine with most of them. */
  readonly parted: number;
  readonly engines: readonly EngineResult[];
  /** Engine and the reason why it did not run. */
  readonly skipped: readonly { readonly engine: string; readonly reason: string }[];
}

interface MeasureOptions extends RoundsOptions {
  readonly threads: readonly number[];
  /** The CPU when absent. */
  readonly device?: BenchDevice;
  /** Only engines whose name contains one of these; all when empty. */
  readonly only: readonly string[];
  /** Of a setting in parts: how many rows, rounded up to whole parts; all when absent. */
  readonly rows?: number | undefined;
  readonly places: { readonly root: string; readonly built: string };
  /** The engines there are; the benchmark's own list when absent. */
  readonly specs?: readonly EngineSpec[];
}

/** A peer that cannot start is the environment's fault, and never left out in silence; one of ours is our bug. */
async function startedEngine(spec: EngineSpec, command: EngineCommand): Promise<RunningEngine> {
  try {
    return await startEngine(command);
  } catch (error) {
    if (spec.family === 'limaml') throw error;
    throw new UserError(
      {
        code: 'BENCH_PEER_FAILED',
        where: spec.name,
        what: error instanceof Error ? error.message : String(error),
        next: 'Repair its installation, or leave it out with --only.',
      },
      { cause: error },
    );
  }
}

/** Throws UserError where more rows are asked for than there are. */
function partsOf({ name, parts, perStep }: Setting, rows: number | undefined): { readonly parts?: number } {
  if (parts === undefined) return {};
  const asked = rows === undefined ? parts : Math.ceil(rows / perStep);
  if (asked <= parts) return { parts: asked };
  throw new UserError({
    code: 'BENCH_BAD_FLAG',
    where: '--rows',
    what: `Setting "${name}" has ${parts * perStep} rows, not ${rows}.`,
    next: 'Ask for fewer.',
  });
}

/** Throws CheckFailed, before anything is timed, when two engines differ by more than the tolerance. */
export async function measureSetting(setting: Setting, options: MeasureOptions): Promise<SettingResult> {
  const folder = workloadFolder(setting, `${options.places.built}/workloads`);
  const workload = readWorkload(folder);
  const { kind } = workload;
  const parts = partsOf(setting, options.rows);
  const specs = (options.specs ?? engineSpecs).filter(
    ({ name, kinds }) =>
      kinds.includes(kind) && (options.only.length === 0 || options.only.some((word) => name.includes(word))),
  );
  const { device = 'cpu' } = options;
  if (specs.some(({ family }) => family === 'limaml')) await deviceStarts(device);
  const unmet = new Map([...unmetNeeds(specs), ...unmetOn(device, specs)]);
  const skipped: { engine: string; reason: string }[] = [];
  const running = new Map<string, RunningEngine>();
  const started = new Map<string, { spec: EngineSpec; threads: number }>();
  try {
    for (const spec of specs) {
      const reason = unmet.get(spec.name);
      if (reason !== undefined) {
        skipped.push({ engine: spec.name, reason });
        continue;
      }
      for (const threads of options.threads) {
        const name = `${spec.name} × ${threads}`;
        options.note(`${setting.name}: starting ${name}`);
        running.set(
          name,
          await startedEngine(spec, engineCommand(spec, folder, { threads, device }, options.places)),
        );
        started.set(name, { spec, threads });
      }
    }
    const result = {
      setting: setting.name,
      title: setting.title,
      unit: setting.unit,
      gflop: gflopOf(workload),
      checkName: setting.group === 'train' || setting.group === 'rows' ? 'losses' : 'sampled outputs',
      skipped,
    };
    if (running.size === 0) return { ...result, checks: [], largestDifference: 0, parted: 0, engines: [] };
    const checked = [...running].map(([name, { checks }]) => ({ name, checks }));
    const apart = setting.group === 'replay' ? APART : 0;
    const { largest, parted, disagreements } = compareChecks(checked, TOLERANCE, undefined, apart);
    if (disagreements.length > 0)
      throw new CheckFailed({
        code: 'ENGINES_DISAGREE',
        where: `setting ${setting.name}`,
        what: disagreements
          .map(
            ({ name, step, value, reference }) =>
              `${name} gives ${value} at check ${step}, ${checked[0]!.name} ${reference}`,
          )
          .join('; '),
        next: 'Nothing was timed. Find which engine is wrong first.',
      });
    const { warmSteps = 1, roundSteps } = setting;
    const measured = await timeInTurn(running, {
      ...options,
      ...parts,
      warmSteps,
      ...(roundSteps === undefined ? {} : { roundSteps }),
    });
    const engines: EngineResult[] = [];
    for (const [name, { spec, threads }] of started) {
      const engine = running.get(name)!;
      const timing = measured.get(name)!;
      const peakGflops = await engine.peakGflops();
      running.delete(name);
      engines.push({
        ...timing,
        engine: spec.name,
        family: spec.family,
        version: engine.version,
        threads,
        perSecond: (setting.perStep / timing.medianMs) * 1000,
        peakGflops,
        peakShare: result.gflop / (timing.medianMs / 1000) / peakGflops,
        peakRssMb: await engine.stop(),
      });
    }
    return { ...result, ...parts, checks: checked[0]!.checks, largestDifference: largest, parted, engines };
  } finally {
    // Engines still running here belong to a failure that is already on its way up.
    await Promise.allSettled([...running.values()].map((engine) => engine.stop()));
  }
}

// Our engine on the replay: vectors adapted and rows scored by the very code of `limaml eval`.
import { executionSchema } from '../../src/engine/execution-config.js';
import { loadSource } from '../../src/engine/features/load-source.js';
import { ADAPT_WINDOWS, programsToScore } from '../../src/engine/programs/program-key.js';
import { openRunner } from '../../src/engine/runner/open-runner.js';
import { pairCounter, pairPlan } from '../../src/evaluation/rows/entity-pairs.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { SPLIT } from '../../src/prepared/format.js';
import type { Device } from '../../src/runtime/executor.js';
import { replayWindows } from '../../src/scoring/replay.js';
import { type AdaptedEntities, type ScoreOptions, scoreSplit } from '../../src/scoring/score.js';
import { servedSupport } from '../../src/scoring/served-support.js';
import type { Workload } from '../workloads/arrays.js';
import { replayManifest, replayModel } from '../workloads/replay.js';
import { replayOf, replayRoles, replayShard } from '../workloads/replay-shards.js';
import { type BenchWeights, stateOf } from './bench-model.js';
import type { BenchEngine } from './serve.js';

/** Numbers of vectors, and of scores, that engines are compared by: a prime, so that scores of all places within an entity are among them. */
const SAMPLED = 1009;

/** `pairs`: rows of an entity are scored with its earlier vectors too, as pairs within entities need it; no part of the checks. */
export async function replayEngine(
  workload: Workload,
  workers: number,
  { pairs, device = 'cpu' }: { readonly pairs: boolean; readonly device?: Device },
): Promise<BenchEngine> {
  const model = replayModel();
  const named = (names: readonly { readonly name: string }[]): BenchWeights =>
    Object.fromEntries(names.map(({ name }) => [name, workload.arrays[name]!]));
  const state = stateOf(named(model.parameters), named(model.tables));
  const execution = executionSchema.parse({ workers, device });
  const parts = workload.numbers['parts']!;
  const shards = Array.from({ length: parts }, (_, part) => replayShard(workload, part));
  const dataset = datasetOf(workload);
  const source = await loadSource(dataset, replayRoles.learn);
  const runner = await openRunner(model, state, execution, programsToScore(model, { adapt: ADAPT_WINDOWS }));
  const replay = replayOf(workload);
  const options: ScoreOptions = {
    tileRows: execution.tileRows,
    program: ADAPT_WINDOWS,
    support: servedSupport(model, replayRoles, { shuffleSupport: false }, 1, { replay, target: SPLIT.test }),
    windows: replayWindows(replay),
  };
  const counter = pairCounter(replayManifest.entities);
  const earlier = pairs ? { earlier: { choose: pairPlan(1), onScored: counter.add } } : {};

  async function part(i: number, told: Partial<Told> = {}): Promise<void> {
    const one = { ...dataset, shardCount: 1, shard: async () => shards[i % parts]! };
    const all = {
      ...options,
      ...earlier,
      onVectors: ({ vectors }: AdaptedEntities) => told.vectors?.(vectors),
    };
    for await (const { probability } of scoreSplit(model, one, source, runner, SPLIT.test, all))
      told.scores?.(probability);
  }
  return {
    step: (i) => part(i),
    checks: async () => {
      const [vectors, scores]: [number[], number[]] = [[], []];
      const into = (list: number[]) => (piece: Iterable<number>) => {
        for (const value of piece) list.push(value);
      };
      await part(0, { vectors: into(vectors), scores: into(scores) });
      return [...evenly(vectors), ...evenly(scores)];
    },
    close: () => runner.close(),
  };
}

interface Told {
  readonly vectors: (piece: Float32Array) => void;
  readonly scores: (piece: Float64Array) => void;
}

/** How many numbers there are, and some of them, evenly spaced. */
function evenly(values: readonly number[]): number[] {
  const stride = Math.floor(values.length / SAMPLED);
  return [values.length, ...Array.from({ length: SAMPLED }, (_, i) => values[i * stride]!)];
}

/** What is asked of a data set beside its shards. */
function datasetOf({ batches }: Workload): PreparedDataset {
  const { regions, genres } = batches[0]!;
  // Index 0 is the unknown.
  const table = (name: string, values: Int32Array) =>
    new Map([[name, { kind: 'categorical', name, size: 11, indices: Int32Array.of(0, ...values) }]]);
  const counts = (size: number) => {
    const all = new Int32Array(size + 1).fill(1);
    return { train: all, valid: all, test: all };
  };
  return {
    manifest: replayManifest,
    entityFeatures: async () => table('region', regions!.data as Int32Array),
    itemFeatures: async () => table('genre', genres!.data as Int32Array),
    entityCounts: async () => counts(replayManifest.entities),
    itemCounts: async () => counts(replayManifest.items),
  } as unknown as PreparedDataset;
}

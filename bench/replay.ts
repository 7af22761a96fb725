// How long scoring as it is served takes: a made-up log, vectors refreshed every so often, pairs within entities included.
import { executionSchema } from '../src/engine/execution-config.js';
import { loadSource } from '../src/engine/features/load-source.js';
import { initialState } from '../src/engine/model-state.js';
import { ADAPT_WINDOWS, programsToScore } from '../src/engine/programs/program-key.js';
import { openRunner } from '../src/engine/runner/open-runner.js';
import { replayConfig, replayTimes } from '../src/evaluation/config/replay-config.js';
import { pairCounter, pairPlan } from '../src/evaluation/rows/entity-pairs.js';
import { modelInputs } from '../src/models/contract/model-inputs.js';
import { limaml } from '../src/models/limaml.js';
import type { EventShard, PreparedDataset } from '../src/prepared/dataset.js';
import { SPLIT } from '../src/prepared/format.js';
import { randomStream } from '../src/random.js';
import { rolesAfter } from '../src/scoring/learning-rows.js';
import { replayWindows } from '../src/scoring/replay.js';
import { scoreSplit } from '../src/scoring/score.js';
import { servedSupport } from '../src/scoring/served-support.js';

/** Of every entity: rows before the scored ones, and scored rows, over so many days. */
const [BEFORE, SCORED, DAYS] = [30, 100, 30];
const ITEMS = 20_000;
const ENTITIES_A_SHARD = 2000;
const DAY_MS = 86_400_000;

interface ReplayBenchResult {
  readonly rows: number;
  readonly refresh: string;
  /** Vectors adapted, and rows scored once more with an earlier vector. */
  readonly vectors: number;
  readonly laterRows: number;
  readonly seconds: number;
  /** Processor time of all threads. */
  readonly cpuSeconds: number;
  readonly peakMemoryMb: number;
}

/** `limaml` with its defaults, untrained: what is computed does not depend on the numbers. */
export async function benchReplay(rows: number, refresh: string): Promise<ReplayBenchResult> {
  const dataset = madeUpLog(Math.ceil(rows / SCORED));
  const model = limaml.build(limaml.config.parse({}), modelInputs(dataset.manifest, {}));
  const execution = executionSchema.parse({});
  const roles = rolesAfter({ refit: true });
  const replay = replayTimes(replayConfig.parse({ refresh }));
  const source = await loadSource(dataset, roles.learn);
  const runner = await openRunner(
    model,
    initialState(model, 1),
    execution,
    programsToScore(model, { adapt: ADAPT_WINDOWS }),
  );
  const counter = pairCounter(dataset.manifest.entities);
  let [vectors, laterRows, scored] = [0, 0, 0];
  const before = process.cpuUsage();
  const from = process.hrtime.bigint();
  const parts = scoreSplit(model, dataset, source, runner, SPLIT.test, {
    tileRows: execution.tileRows,
    program: ADAPT_WINDOWS,
    support: servedSupport(model, roles, { shuffleSupport: false }, 1, { replay, target: SPLIT.test }),
    windows: replayWindows(replay),
    earlier: {
      choose: pairPlan(1),
      onScored: (one) => {
        laterRows += one.later.label.length;
        counter.add(one);
      },
    },
  });
  for await (const part of parts) {
    vectors += part.episodes.length;
    scored += part.rows.length;
    process.stderr.write(`${scored} of ${rows} rows\n`);
  }
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  const { user, system } = process.cpuUsage(before);
  await runner.close();
  const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  return {
    rows: scored,
    refresh,
    vectors,
    laterRows,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMemoryMb,
  };
}

function madeUpLog(entities: number): PreparedDataset {
  const indices = (size: number, values: number): Int32Array =>
    Int32Array.from({ length: size + 1 }, (_, i) => (i === 0 ? 0 : 1 + (i % values)));
  const feature = (side: 'entity' | 'item', name: string) => ({ kind: 'categorical', name, side, size: 11 });
  const table = (size: number, name: string) =>
    new Map([[name, { kind: 'categorical', name, size: 11, indices: indices(size, 10) }]]);
  const counts = (size: number) => {
    const all = new Int32Array(size + 1).fill(1);
    return { train: all, valid: all, test: all };
  };
  return {
    manifest: { entities, items: ITEMS, features: [feature('entity', 'region'), feature('item', 'genre')] },
    shardCount: Math.ceil(entities / ENTITIES_A_SHARD),
    shard: async (index: number) =>
      madeUpShard(1 + index * ENTITIES_A_SHARD, Math.min(entities, (index + 1) * ENTITIES_A_SHARD)),
    entityFeatures: async () => table(entities, 'region'),
    itemFeatures: async () => table(ITEMS, 'genre'),
    entityCounts: async () => counts(entities),
    itemCounts: async () => counts(ITEMS),
  } as unknown as PreparedDataset;
}

function madeUpShard(first: number, last: number): EventShard {
  const each = BEFORE + SCORED;
  const stream = randomStream(1, 'bench', 'replay', first);
  const count = last - first + 1;
  const rows = count * each;
  const timestampMs = new Float64Array(rows);
  for (let e = 0; e < count; e++) {
    const days = Float64Array.from({ length: each }, (_, n) =>
      n < BEFORE ? -DAYS * stream.uniform() : DAYS * stream.uniform(),
    ).sort();
    timestampMs.set(
      days.map((day) => Date.UTC(2026, 0, 1) + Math.round(day * DAY_MS)),
      e * each,
    );
  }
  const fill = <T extends Int32Array | Float32Array | Uint8Array>(
    column: T,
    of: (row: number) => number,
  ): T => {
    for (let row = 0; row < rows; row++) column[row] = of(row);
    return column;
  };
  return {
    rows,
    entities: Int32Array.from({ length: count }, (_, e) => first + e),
    offsets: Int32Array.from({ length: count + 1 }, (_, e) => e * each),
    entity: fill(new Int32Array(rows), (row) => first + Math.floor(row / each)),
    item: fill(new Int32Array(rows), () => 1 + stream.integer(ITEMS)),
    timestampMs,
    label: fill(new Float32Array(rows), () => stream.integer(2)),
    split: fill(new Uint8Array(rows), (row) => (row % each < BEFORE ? SPLIT.train : SPLIT.test)),
    features: new Map(),
    truth: undefined,
  };
}

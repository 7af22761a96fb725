// Workload (b): embeddings gathered from one million rows and trained, ragged supports, three inner steps.
//
// Twelve categorical features of 16 dims: four of the entity (fixed for a task), eight of the item (one set a row). All
// tables are stacked into one array `table` [1,000,000, 16]; indices are rows of it.
//
//   m      = the entity's four embeddings                   [64]
//   e      = relu(m·W1 + b1)·W2 + b2                        meta block, 64 → 128 → 64, one e a task
//   logit  = relu([e, m, r]·V1 + c1)·V2 + c2                global block, 256 → 128 → 1; r: the item's eight embeddings [128]
//   inner  : Σ over a task's support rows of the loss / (n + 20); three steps of rate 0.5 on W1, b1, W2, b2; the
//            embeddings are not adapted, but the outer gradient flows to them through every inner step
//   outer  : mean over all query rows. Dense arrays: Adam. Table: a row that occurs in the batch (an entity's, a support
//            or query row's) gets Adam with its own moments, bias-corrected by the global step count; others stay as they are
import { randomStream } from '../../src/random.js';
import type { Shaped, Workload } from './arrays.js';
import { adamNumbers } from './dense-meta.js';
import { coin, layer, uniforms, zeros } from './fills.js';

const SEED = 2;

/** Rows of each feature's table; entity features first. One million in all. */
const ENTITY_TABLES = [500_000, 40_000, 900, 100] as const;
const ITEM_TABLES = [400_000, 50_000, 8_000, 640, 240, 80, 30, 10] as const;
const TABLE_ROWS = 1_000_000;
export const sparseSizes = {
  dims: 16,
  entityFeatures: ENTITY_TABLES.length,
  itemFeatures: ITEM_TABLES.length,
  metaHidden: 128,
  embedding: 64,
  globalHidden: 128,
} as const;

/** First row of every feature's table inside the stacked one. */
const STARTS = firstRows([...ENTITY_TABLES, ...ITEM_TABLES]);

function firstRows(tables: readonly number[]): number[] {
  const starts = [0];
  for (const rows of tables) starts.push(starts.at(-1)! + rows);
  return starts;
}

export function sparseWeights(): Record<string, Shaped> {
  const s = sparseSizes;
  if (STARTS.at(-1) !== TABLE_ROWS) throw new Error(`tables hold ${STARTS.at(-1)} rows`);
  const stream = randomStream(SEED, 'bench', 'sparse', 'weights');
  const entity = s.entityFeatures * s.dims;
  const item = s.itemFeatures * s.dims;
  return {
    W1: layer(stream, entity, s.metaHidden),
    b1: zeros([s.metaHidden]),
    W2: layer(stream, s.metaHidden, s.embedding),
    b2: zeros([s.embedding]),
    V1: layer(stream, s.embedding + entity + item, s.globalHidden),
    c1: zeros([s.globalHidden]),
    V2: layer(stream, s.globalHidden, 1),
    c2: zeros([1]),
    table: uniforms(stream, [TABLE_ROWS, s.dims], 0.5),
  };
}

type Stream = ReturnType<typeof randomStream>;

/** A row of feature `feature`'s table, popular rows first (density ∝ rank^-2/3). */
function drawRow(stream: Stream, feature: number): number {
  const rows = (feature < 4 ? ENTITY_TABLES[feature] : ITEM_TABLES[feature - 4])!;
  return STARTS[feature]! + Math.floor(rows * stream.uniform() ** 3);
}

/** Indices of `count` entities [count, 4]: the first feature is the entity itself, drawn evenly. */
export function drawEntities(stream: Stream, count: number): Shaped {
  const data = new Int32Array(count * 4);
  for (let entity = 0; entity < count; entity++) {
    data[entity * 4] = stream.integer(ENTITY_TABLES[0]);
    for (let f = 1; f < 4; f++) data[entity * 4 + f] = drawRow(stream, f);
  }
  return { shape: [count, 4], data };
}

/** Indices of `rows` items [rows, 8]. */
export function drawItems(stream: Stream, rows: number): Shaped {
  const data = new Int32Array(rows * 8);
  for (let i = 0; i < data.length; i++) data[i] = drawRow(stream, 4 + (i % 8));
  return { shape: [rows, 8], data };
}

/** Entities like some values of the item's sixth feature and dislike the rest: something for the inner loop to find. */
function drawLabel(stream: Stream, entityRow: number, items: Shaped, row: number): number {
  return coin(stream, (items.data[row * 8 + 5]! * 7 + entityRow * 13) % 3 === 0 ? 1.5 : -1);
}

/**
 * One batch. Supports are ragged: task t owns rows offsets[t] to offsets[t + 1] of `supportItems` and `supportLabels`;
 * lengths are uniform in 0…100.
 */
export function sparseBatch(tasks: number, query: number, index: number): Record<string, Shaped> {
  const stream = randomStream(SEED, 'bench', 'sparse', 'batch', index, tasks);
  const entities = drawEntities(stream, tasks);
  const offsets = new Int32Array(tasks + 1);
  for (let t = 0; t < tasks; t++) offsets[t + 1] = offsets[t]! + stream.integer(101);
  const rows = offsets[tasks]!;
  const supportItems = drawItems(stream, rows);
  const supportLabels = zeros([rows]);
  for (let t = 0; t < tasks; t++)
    for (let row = offsets[t]!; row < offsets[t + 1]!; row++)
      supportLabels.data[row] = drawLabel(stream, entities.data[t * 4]!, supportItems, row);
  const support = { entities, offsets: { shape: [tasks + 1], data: offsets }, supportItems, supportLabels };
  if (query === 0) return support;
  const queryItems = drawItems(stream, tasks * query);
  const queryLabels = zeros([tasks, query]);
  for (let row = 0; row < tasks * query; row++)
    queryLabels.data[row] = drawLabel(stream, entities.data[Math.floor(row / query) * 4]!, queryItems, row);
  return { ...support, queryItems: { shape: [tasks, query, 8], data: queryItems.data }, queryLabels };
}

export const sparseInner = { innerSteps: 3, innerRate: 0.5, shrink: 20, maxSupport: 100 } as const;

/** 128 tasks of 0 to 100 support and 20 query rows a batch, four batches. */
export function sparseMeta(setting: string): Workload {
  const tasks = 128;
  const query = 20;
  return {
    setting,
    kind: 'meta-sparse',
    numbers: { tasks, query, ...sparseSizes, ...sparseInner, ...adamNumbers },
    arrays: sparseWeights(),
    batches: Array.from({ length: 4 }, (_, index) => sparseBatch(tasks, query, index)),
  };
}

// Workload (e): a deep network on rows of ten categorical features, as `widedeep` trains its deep side.
//
//   x      = the row's ten embeddings of 16                 [160]
//   logit  = relu(relu(x·V1 + c1)·V2 + c2)·V3 + c3          160 → 256 → 128 → 1
//   outer  : mean log loss over a batch. Dense arrays: Adam. Tables: a row that occurs in the batch gets Adam with its own
//            moments, bias-corrected by the global step count; others stay as they are
//
// The one entry of `batches` is a whole epoch: step i trains on the next `batchRows` of `order`, from its start again after the last.
// Every value of a small table occurs in nearly every batch, so that a dense Adam over whole tables computes the same.
import { randomStream } from '../../src/random.js';
import type { Shaped, Workload } from './arrays.js';
import { adamNumbers } from './dense-meta.js';
import { coin, layer, normals, uniforms, zeros } from './fills.js';

const SEED = 5;
/** Whole batches of either size. */
export const EPOCH_ROWS = 200_704;
const DIMS = 16;

const SMALL_TABLES = [64, 64, 48, 48, 32, 32, 24, 16, 8, 4] as const;
/** 5 M rows in the first five, 80 M values. */
const LARGE_TABLES = [1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 32, 24, 16, 8, 4] as const;

/** The stream that `rowBatches` shuffles an epoch with. */
export const orderStream = (): ReturnType<typeof randomStream> =>
  randomStream(SEED, 'bench', 'rows', 'order');

/** `tables`: whether five of the ten have a million rows each, popular ones first (density ∝ rank^-2/3). */
export function deepRows(setting: string, batchRows: number, tables: 'small' | 'large'): Workload {
  const sizes = tables === 'small' ? SMALL_TABLES : LARGE_TABLES;
  const stream = randomStream(SEED, 'bench', 'rows', tables);
  const effects = sizes.map((size) => normals(stream, [Math.min(size, 64)], 0.5).data);
  const fields = sizes.length;
  const indices: Shaped = { shape: [EPOCH_ROWS, fields], data: new Int32Array(EPOCH_ROWS * fields) };
  const labels = zeros([EPOCH_ROWS]);
  for (let row = 0; row < EPOCH_ROWS; row++) {
    let logit = 0;
    for (let f = 0; f < fields; f++) {
      const index = Math.floor(sizes[f]! * stream.uniform() ** (sizes[f]! > 64 ? 3 : 1));
      indices.data[row * fields + f] = index;
      logit += effects[f]![index % 64]!;
    }
    labels.data[row] = coin(stream, logit);
  }
  const order = orderStream().shuffle(Int32Array.from({ length: EPOCH_ROWS }, (_, i) => i));
  return {
    setting,
    kind: `rows-${tables}`,
    numbers: { rows: EPOCH_ROWS, batchRows, fields, dims: DIMS, ...adamNumbers },
    arrays: {
      V1: layer(stream, fields * DIMS, 256),
      c1: zeros([256]),
      V2: layer(stream, 256, 128),
      c2: zeros([128]),
      V3: layer(stream, 128, 1),
      c3: zeros([1]),
      ...Object.fromEntries(sizes.map((size, f) => [`table${f}`, uniforms(stream, [size, DIMS], 0.1)])),
    },
    batches: [{ indices, labels, order: { shape: [EPOCH_ROWS], data: order } }],
  };
}

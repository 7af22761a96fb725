// Workload (a): dense features, 16 support and 16 query rows a task, one or five second-order inner steps.
//
//   e      = relu(x·W1 + b1)·W2 + b2                       meta block, 64 → 64 → 32, one e a row
//   logit  = relu([e, g]·V1 + c1)·V2 + c2                   global block, 96 → 64 → 1
//   inner  : mean over a task's support rows; `innerSteps` gradient steps on W1, b1, W2, b2
//   outer  : mean over all query rows; Adam on all eight arrays
import { randomStream } from '../../src/random.js';
import type { Shaped, Workload } from './arrays.js';
import { coin, layer, normals, zeros } from './fills.js';

const SEED = 1;

export const denseSizes = {
  support: 16,
  query: 16,
  metaInputs: 64,
  metaHidden: 64,
  embedding: 32,
  features: 64,
  globalHidden: 64,
} as const;

/** Adam's constants (Kingma and Ba 2015), the same in every engine. */
export const adamNumbers = { outerRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Initial weights of the two blocks, shared with the adapt-only workload. */
export function denseWeights(): Record<string, Shaped> {
  const s = denseSizes;
  const stream = randomStream(SEED, 'bench', 'dense', 'weights');
  return {
    W1: layer(stream, s.metaInputs, s.metaHidden),
    b1: zeros([s.metaHidden]),
    W2: layer(stream, s.metaHidden, s.embedding),
    b2: zeros([s.embedding]),
    V1: layer(stream, s.embedding + s.features, s.globalHidden),
    c1: zeros([s.globalHidden]),
    V2: layer(stream, s.globalHidden, 1),
    c2: zeros([1]),
  };
}

/** One batch: rows whose labels follow a task's own direction in x and a shared one in g, so that adapting helps. */
export function denseBatch(tasks: number, index: number, withQuery: boolean): Record<string, Shaped> {
  const s = denseSizes;
  const shared = normals(randomStream(SEED, 'bench', 'dense', 'shared'), [s.features], 1 / 8).data;
  const stream = randomStream(SEED, 'bench', 'dense', 'batch', index);
  const taste = normals(stream, [tasks, s.metaInputs], 1 / 4).data;
  const rowsOf = (rows: number): readonly [Shaped, Shaped, Shaped] => {
    const x = normals(stream, [tasks, rows, s.metaInputs]);
    const g = normals(stream, [tasks, rows, s.features]);
    const y = zeros([tasks, rows]);
    for (let row = 0; row < tasks * rows; row++) {
      const task = Math.floor(row / rows);
      let logit = 0;
      for (let i = 0; i < s.metaInputs; i++)
        logit += x.data[row * s.metaInputs + i]! * taste[task * s.metaInputs + i]!;
      for (let i = 0; i < s.features; i++) logit += g.data[row * s.features + i]! * shared[i]!;
      y.data[row] = coin(stream, logit);
    }
    return [x, g, y];
  };
  const [xs, gs, ys] = rowsOf(s.support);
  if (!withQuery) return { xs, gs, ys };
  const [xq, gq, yq] = rowsOf(s.query);
  return { xs, gs, ys, xq, gq, yq };
}

/** 256 tasks a batch, four batches. */
export function denseMeta(setting: string, innerSteps: number): Workload {
  const tasks = 256;
  return {
    setting,
    kind: 'meta-dense',
    numbers: { tasks, ...denseSizes, innerSteps, innerRate: 0.1, ...adamNumbers },
    arrays: denseWeights(),
    batches: Array.from({ length: 4 }, (_, index) => denseBatch(tasks, index, true)),
  };
}

// Workloads (c): adapting only, as an export does: from support rows to one meta embedding an entity.
import type { Workload } from './arrays.js';
import { denseBatch, denseSizes, denseWeights } from './dense-meta.js';
import { sparseBatch, sparseInner, sparseSizes, sparseWeights } from './sparse-meta.js';

/**
 * 16 support rows and one step through the blocks of workload (a). The embedding [32] is the mean over the support rows
 * of the adapted meta block's output.
 */
export function adaptDense(setting: string): Workload {
  const tasks = 2048;
  return {
    setting,
    kind: 'adapt-dense',
    numbers: { tasks, ...denseSizes, innerSteps: 1, innerRate: 0.1 },
    arrays: denseWeights(),
    batches: [0, 1].map((index) => denseBatch(tasks, index, false)),
  };
}

/** Ragged supports of 0 to 100 rows and three steps through the blocks of workload (b), gathers included. */
export function adaptSparse(setting: string): Workload {
  const tasks = 2048;
  return {
    setting,
    kind: 'adapt-sparse',
    numbers: { tasks, ...sparseSizes, ...sparseInner },
    arrays: sparseWeights(),
    batches: [0, 1].map((index) => sparseBatch(tasks, 0, index)),
  };
}

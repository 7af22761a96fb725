// The executors that can run here.
import { UserError } from '../../src/errors.js';
import { loadExecutor } from '../../src/runtime/backends.js';
import type { Executor } from '../../src/runtime/executor.js';

/** ONNX Runtime and pure TensorFlow.js always; `tfjs-node` as well where its addon was built. */
export const EXECUTORS: readonly Executor[] = [
  await loadExecutor('onnxruntime'),
  await loadExecutor('tfjs'),
  ...(await optional()),
];

async function optional(): Promise<Executor[]> {
  try {
    return [await loadExecutor('tfjs-node')];
  } catch (error) {
    if (error instanceof UserError && error.code === 'BACKEND_ABSENT') return [];
    throw error;
  }
}

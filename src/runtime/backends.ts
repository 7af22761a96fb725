// The executors by the name that a recipe and `--backend` give them.
import type { Executor } from './executor.js';

export const BACKENDS = ['onnxruntime', 'tfjs', 'tfjs-node'] as const;
export type Backend = (typeof BACKENDS)[number];

/** Loads an executor, and only that one. Throws UserError BACKEND_ABSENT when `tfjs-node` is not to be had. */
export async function loadExecutor(backend: Backend): Promise<Executor> {
  switch (backend) {
    case 'onnxruntime':
      return (await import('./onnxruntime.js')).onnxruntime;
    case 'tfjs':
      return (await import('./tfjs.js')).tfjs;
    case 'tfjs-node':
      return (await import('./tfjs-node.js')).loadTfjsNode();
  }
}

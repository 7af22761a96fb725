// The executors that can run here.
import { UserError } from '../../src/errors.js';
import { BACKEND_NAMES, type Backend, loadExecutor } from '../../src/runtime/backends.js';
import type { Executor } from '../../src/runtime/executor.js';

/** Every backend but those whose package or addon is not to be had here. */
export const EXECUTORS: readonly Executor[] = (await Promise.all(BACKEND_NAMES.map(loaded))).flat();

async function loaded(backend: Backend): Promise<readonly Executor[]> {
  try {
    return [await loadExecutor(backend)];
  } catch (error) {
    if (error instanceof UserError && error.code === 'BACKEND_ABSENT') return [];
    throw error;
  }
}

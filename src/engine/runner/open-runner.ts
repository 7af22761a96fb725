// Opens what runs tiles, as the recipe's `execution` says: in worker threads where the backend can, else in this one.
import type { Model } from '../../models/contract/definition.js';
import { BACKENDS, loadExecutor } from '../../runtime/backends.js';
import type { ExecutionConfig } from '../execution-config.js';
import type { ModelState } from '../model-state.js';
import type { ProgramKey } from '../programs/program-key.js';
import { programOf } from '../programs/programs.js';
import { inlineRunner } from './inline-runner.js';
import type { TileRunner } from './tile-runner.js';
import { workerRunner } from './worker-runner.js';

/** A runner of these programs over the state's present numbers. Close it when done. */
export async function openRunner(
  model: Model,
  state: ModelState,
  { backend, device, workers }: ExecutionConfig,
  wanted: readonly ProgramKey[],
): Promise<TileRunner> {
  const programs = wanted.map((key) => ({ key, program: programOf(model, key) }));
  return workers > 0 && BACKENDS[backend].inWorkers
    ? workerRunner(programs, model, state, { workers, device })
    : inlineRunner(await loadExecutor(backend), programs, model, state, device);
}

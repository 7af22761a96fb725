// Chooses how tiles are run: backend, device and number of worker threads.
import type { Model } from '../../models/definition.js';
import { loadExecutor } from '../../runtime/backends.js';
import type { TrainingConfig } from '../../training/training-config.js';
import type { ModelState } from '../model-state.js';
import { adaptProgram, scoringProgram, trainingProgram } from '../programs.js';
import { inlineRunner, type TileRunner } from './tile-runner.js';
import { workerRunner } from './worker-runner.js';

/**
 * A runner with the programs `score`, `adapt` (models that adapt), `train` when training, and
 * `adapt.<k>` for every k of `adaptSteps`.
 */
export async function openRunner(
  model: Model,
  state: ModelState,
  training: Pick<TrainingConfig, 'backend' | 'device' | 'workers'>,
  scoring = true,
  train = true,
  adaptSteps: readonly number[] = [],
): Promise<TileRunner> {
  const programs = {
    ...(train ? { train: trainingProgram(model) } : {}),
    ...(scoring ? { score: scoringProgram(model) } : {}),
    ...(scoring && model.adapts.length > 0 ? { adapt: adaptProgram(model) } : {}),
    ...Object.fromEntries(adaptSteps.map((steps) => [`adapt.${steps}`, adaptProgram(model, steps)])),
  };
  // Only ONNX Runtime's sessions can be opened from bytes in a worker; the other backends are checks, not for speed.
  return training.backend === 'onnxruntime' && training.workers > 0
    ? workerRunner(programs, model, state, training.workers, training.device)
    : inlineRunner(await loadExecutor(training.backend), programs, model, state, training.device);
}

// A run's checkpoint folder: `model.safetensors` (what is served) and `resume.safetensors` (what a killed run goes on from).
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelState, sharedCopy } from '../engine/model-state.js';
import type { OptimizerSlots } from '../engine/update/optimizer.js';
import { UserError } from '../errors.js';
import type { Model } from '../models/contract/definition.js';
import { type NamedTensor, readTensors, writeTensors } from './safetensors.js';
import type { TrainingState } from './training-state.js';

const MODEL_FILE = 'model.safetensors';
const RESUME_FILE = 'resume.safetensors';

/** Writes the final numbers of a model and drops what resuming needed. */
export async function saveModel(folder: string, model: Model, state: ModelState): Promise<void> {
  await writeTensors(join(folder, MODEL_FILE), {
    tensors: tensorsOf(model, state, ''),
    metadata: { model: model.name },
  });
  await rm(join(folder, RESUME_FILE), { force: true });
}

/** Reads the numbers of `model`. Throws UserError CHECKPOINT_DAMAGED or CHECKPOINT_MISMATCH. */
export async function loadModel(folder: string, model: Model): Promise<ModelState> {
  const path = join(folder, MODEL_FILE);
  return stateFrom((await readTensors(path)).tensors, model, '', path);
}

/** Writes all that a resumed training needs, in one file that appears whole. */
export async function saveTrainingState(folder: string, model: Model, from: TrainingState): Promise<void> {
  const { phase, epoch, selectEpochs, state, optimizer, best } = from;
  const tensors = tensorsOf(model, state, 'now/');
  for (const [name, slots] of optimizer.slots)
    slots.forEach((data, i) => {
      tensors.set(`slot/${i}/${name}`, { shape: [data.length], data });
    });
  if (best !== undefined)
    for (const [name, tensor] of tensorsOf(model, best.state, 'best/')) tensors.set(name, tensor);
  const { state: _, ...bestRecord } = best ?? { state: undefined };
  const metadata = {
    model: model.name,
    position: JSON.stringify({ phase, epoch, selectEpochs, steps: optimizer.steps }),
    best: JSON.stringify(best === undefined ? null : bestRecord),
  };
  await writeTensors(join(folder, RESUME_FILE), { tensors, metadata });
}

/** What `saveTrainingState` wrote, or undefined when the run was stopped before its first epoch ended. */
export async function loadTrainingState(folder: string, model: Model): Promise<TrainingState | undefined> {
  const path = join(folder, RESUME_FILE);
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readTensors(path);
  const { phase, epoch, selectEpochs, steps } = JSON.parse(metadata['position'] ?? '{}') as {
    phase: TrainingState['phase'];
    epoch: number;
    selectEpochs: number;
    steps: number;
  };
  const best = JSON.parse(metadata['best'] ?? 'null') as Omit<
    NonNullable<TrainingState['best']>,
    'state'
  > | null;
  const slots = new Map<string, OptimizerSlots>();
  for (const [key, { data }] of tensors) {
    const found = /^slot\/(\d+)\/(.+)$/.exec(key);
    if (found === null) continue;
    const known = [...(slots.get(found[2]!) ?? [])];
    known[Number(found[1])] = data;
    slots.set(found[2]!, known);
  }
  return {
    phase,
    epoch,
    selectEpochs,
    state: stateFrom(tensors, model, 'now/', path),
    optimizer: { steps, slots },
    best:
      best === null
        ? undefined
        : {
            ...best,
            innerRate: best.innerRate ?? undefined,
            state: stateFrom(tensors, model, 'best/', path),
          },
  };
}

function tensorsOf(model: Model, state: ModelState, prefix: string): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const { name, shape } of model.parameters)
    tensors.set(`${prefix}parameter/${name}`, { shape, data: state.parameters.get(name)! });
  for (const { name, rows, dim } of model.tables)
    tensors.set(`${prefix}table/${name}`, { shape: [rows, dim], data: state.tables.get(name)! });
  return tensors;
}

function stateFrom(
  tensors: ReadonlyMap<string, NamedTensor>,
  model: Model,
  prefix: string,
  path: string,
): ModelState {
  const take = (key: string, shape: readonly number[]): Float32Array<SharedArrayBuffer> => {
    const tensor = tensors.get(prefix + key);
    if (tensor === undefined || String(tensor.shape) !== String(shape))
      throw new UserError({
        code: 'CHECKPOINT_MISMATCH',
        where: path,
        what: `Model "${model.name}" needs "${key}" of shape [${shape}]; the checkpoint has ${tensor === undefined ? 'none' : `[${tensor.shape}]`}.`,
        next: 'Use the recipe and data the run was trained with, or train again.',
      });
    return sharedCopy(tensor.data);
  };
  return {
    parameters: new Map(model.parameters.map(({ name, shape }) => [name, take(`parameter/${name}`, shape)])),
    tables: new Map(model.tables.map(({ name, rows, dim }) => [name, take(`table/${name}`, [rows, dim])])),
  };
}

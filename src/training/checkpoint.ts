// A run's checkpoint folder: `model.safetensors` (what is served) and `resume.safetensors` (what a killed run goes on from).
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ModelState, sharedCopy } from '../engine/model-state.js';
import type { OptimizerSlots } from '../engine/update/optimizer.js';
import { UserError } from '../errors.js';
import type { Model } from '../models/contract/definition.js';
import { checkpointDamaged, type NamedTensor, readTensors, writeTensors } from './safetensors.js';
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

/**
 * Writes all that a resumed training needs, in one file that appears whole and carries a checksum. `log` says what the run's log was
 * at this moment, for whoever resumes to compare with.
 */
export async function saveTrainingState(
  folder: string,
  model: Model,
  from: TrainingState,
  log = '',
): Promise<void> {
  const { phase, epoch, selectEpochs, state, optimizer, best, scores } = from;
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
    position: JSON.stringify({ phase, epoch, selectEpochs, steps: optimizer.steps, scores }),
    best: JSON.stringify(best === undefined ? null : bestRecord),
    log,
  };
  await writeTensors(join(folder, RESUME_FILE), { tensors, metadata }, { checksum: true });
}

export interface SavedTraining {
  readonly state: TrainingState;
  readonly log: string;
}

/** JSON has no NaN: a number that is none was written as null. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const positionSchema = z.object({
  phase: z.enum(['select', 'refit']),
  epoch: z.int().min(0),
  selectEpochs: z.int().min(0),
  steps: z.int().min(0),
  /** Versions that had no schedules did not write them. */
  scores: z.array(number).default([]),
});
const bestSchema = z
  .object({
    epoch: z.int(),
    metrics: z.object({ score: number }).catchall(z.number().nullable()),
    innerRate: z.number().nullish(),
  })
  .nullable();

/**
 * What `saveTrainingState` wrote, or undefined when the run was stopped before its first epoch ended. Throws CHECKPOINT_DAMAGED and
 * CHECKPOINT_MISMATCH.
 */
export async function loadTrainingState(folder: string, model: Model): Promise<SavedTraining | undefined> {
  const path = join(folder, RESUME_FILE);
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readTensors(path);
  const { phase, epoch, selectEpochs, steps, scores } = said(metadata, 'position', positionSchema, path);
  const best = said(metadata, 'best', bestSchema, path);
  const slots = new Map<string, OptimizerSlots>();
  for (const [key, { data }] of tensors) {
    const found = /^slot\/(\d+)\/(.+)$/.exec(key);
    if (found === null) continue;
    const known = [...(slots.get(found[2]!) ?? [])];
    known[Number(found[1])] = data;
    slots.set(found[2]!, known);
  }
  const state: TrainingState = {
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
    scores,
  };
  return { state, log: metadata['log'] ?? '' };
}

/** What the metadata say of one thing, as JSON. */
function said<S extends z.ZodType>(
  metadata: Readonly<Record<string, string>>,
  key: string,
  schema: S,
  path: string,
): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(metadata[key] ?? '');
  } catch {
    json = undefined;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw checkpointDamaged(path, `It does not say "${key}".`);
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

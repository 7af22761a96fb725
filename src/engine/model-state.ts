// The numbers of a model: dense parameters and embedding tables.
import type { Model } from '../models/contract/definition.js';
import { randomStream } from '../random.js';
import type { KernelMemory } from './memory/kernel-memory.js';

export interface ModelState {
  /** Dense parameters by name, row-major. */
  readonly parameters: ReadonlyMap<string, Float32Array<SharedArrayBuffer>>;
  /** Embedding tables by name, [rows × dim], row-major. */
  readonly tables: ReadonlyMap<string, Float32Array<SharedArrayBuffer>>;
  /** Where they lie while they are trained, all or those that find room there. */
  readonly memory?: KernelMemory;
}

/** Zero-filled floats in memory that workers share. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** Zero-filled floats in the memory, or elsewhere where it has no room for them. */
export const floatsIn = (memory: KernelMemory | undefined, length: number): Float32Array<SharedArrayBuffer> =>
  memory?.floats(length) ?? sharedFloats(length);

/** The values in memory that workers share: they themselves where they lie there already. */
export function shared(values: Float32Array): Float32Array<SharedArrayBuffer> {
  return values.buffer instanceof SharedArrayBuffer
    ? (values as Float32Array<SharedArrayBuffer>)
    : sharedCopy(values);
}

/** A copy in memory that workers share. */
export function sharedCopy(values: Float32Array): Float32Array<SharedArrayBuffer> {
  const copy = sharedFloats(values.length);
  copy.set(values);
  return copy;
}

/** Start values, fixed by the seed: every parameter and table has a random stream of its own. */
export function initialState(model: Model, seed: number, memory?: KernelMemory): ModelState {
  const parameters = new Map<string, Float32Array<SharedArrayBuffer>>();
  for (const { name, shape, init } of model.parameters) {
    const values = floatsIn(
      memory,
      shape.reduce((product, size) => product * size, 1),
    );
    if (init.kind === 'constant') values.fill(init.scale);
    else fillNormal(values, init.scale, 0, seed, 'parameter', name);
    parameters.set(name, values);
  }
  const tables = new Map<string, Float32Array<SharedArrayBuffer>>();
  for (const { name, rows, dim, scale } of model.tables) {
    const values = floatsIn(memory, rows * dim);
    // Row 0 is the unknown: it starts at zero, "nothing is known".
    if (scale > 0) fillNormal(values, scale, dim, seed, 'table', name);
    tables.set(name, values);
  }
  return { parameters, tables, ...(memory === undefined ? {} : { memory }) };
}

function fillNormal(
  values: Float32Array,
  scale: number,
  from: number,
  seed: number,
  ...names: string[]
): void {
  const stream = randomStream(seed, ...names);
  for (let i = from; i < values.length; i++) values[i] = scale * stream.normal();
}

/** A copy that later updates do not touch, in the memory where one is given. */
export function copyState(state: ModelState, memory?: KernelMemory): ModelState {
  const copies = (source: ReadonlyMap<string, Float32Array>): Map<string, Float32Array<SharedArrayBuffer>> =>
    new Map(
      [...source].map(([name, values]) => {
        const copy = floatsIn(memory, values.length);
        copy.set(values);
        return [name, copy];
      }),
    );
  return {
    parameters: copies(state.parameters),
    tables: copies(state.tables),
    ...(memory === undefined ? {} : { memory }),
  };
}

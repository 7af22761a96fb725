// What the benchmark's models share: parameters taken from a workload, a runner over them, their outer optimiser.

import { KernelMemory } from '../../src/engine/memory/kernel-memory.js';
import { floatsIn, type ModelState } from '../../src/engine/model-state.js';
import { inlineRunner } from '../../src/engine/runner/inline-runner.js';
import type { OpenedProgram, TileRunner } from '../../src/engine/runner/tile-runner.js';
import { workerRunner } from '../../src/engine/runner/worker-runner.js';
import type { Model, ParameterSpec } from '../../src/models/contract/definition.js';
import type { FieldGroup, GroupField, TableSpec } from '../../src/models/contract/fields.js';
import type { Device } from '../../src/runtime/executor.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';
import type { Shaped, Workload } from '../workloads/arrays.js';
import type { BenchEngine } from './serve.js';

/** Dense parameters by name. One-dimensional biases become [1, out], as our layers want them. */
export type BenchWeights = Readonly<Record<string, Shaped>>;

export function asParameters(weights: BenchWeights): ParameterSpec[] {
  return Object.entries(weights).map(([name, { shape }]) => ({
    name,
    shape: shape.length === 1 ? [1, shape[0]!] : shape,
    init: { kind: 'constant', scale: 0 },
    decay: false,
  }));
}

export function stateOf(weights: BenchWeights, tables: BenchWeights = {}): ModelState {
  const memory = new KernelMemory();
  const shared = (arrays: BenchWeights): ModelState['parameters'] =>
    new Map(
      Object.entries(arrays).map(([name, { data }]) => {
        const floats = floatsIn(memory, data.length);
        floats.set(data);
        return [name, floats];
      }),
    );
  return { parameters: shared(weights), tables: shared(tables), memory };
}

/** Rows `from` to `to` of a matrix. */
export function matrixRows({ shape, data }: Shaped, from: number, to: number): Shaped {
  const width = shape[1]!;
  return { shape: [to - from, width], data: data.slice(from * width, to * width) };
}

/** The model's fixed sides; its graph is given by the caller. */
export function benchModel(
  workload: Workload,
  parts: Pick<Model, 'parameters' | 'logits'> & Partial<Model>,
): Model {
  return {
    name: `bench ${workload.setting}`,
    taskGroups: [],
    rowGroups: [],
    tables: [],
    optimizers: {
      default: {
        name: 'adam',
        learningRate: workload.numbers['outerRate'] ?? 0,
        weightDecay: 0,
        l1: 0,
      },
    },
    learns: { by: 'rows', batchRows: 1 },
    adapts: [],
    unknownShare: 0,
    ...parts,
  };
}

/** A group of embeddings side by side: the named table and width of every field. */
export function tableGroup(
  name: string,
  fields: readonly { readonly table: string; readonly dim: number }[],
): FieldGroup {
  let width = 0;
  const placed = fields.map(({ table, dim }, i): GroupField => {
    const offset = width;
    width += dim;
    const field = { name: `${name}${i}`, kind: 'categorical', size: 0, source: { kind: 'itemId' } } as const;
    return { field, table, dim, offset };
  });
  return { name, fields: placed, width, dropout: 0 };
}

export function asTables(tables: BenchWeights): TableSpec[] {
  return Object.entries(tables).map(([name, { shape }]) => ({
    name,
    rows: shape[0]!,
    dim: shape[1]!,
    scale: 0,
    optimizer: 'default',
  }));
}

/** The runner that `limaml train` would open for so many workers. */
export function openBenchRunner(
  program: OpenedProgram,
  model: Model,
  state: ModelState,
  workers: number,
  device: Device,
): Promise<TileRunner> {
  return workers > 0
    ? workerRunner([program], model, state, { workers, device })
    : inlineRunner(onnxruntime, [program], model, state, device);
}

/** 20 evenly spaced elements of an output, as bench/peers/torch_common.py takes them. */
export function sampled(output: ArrayLike<number>): number[] {
  const stride = Math.floor(output.length / 20);
  return Array.from({ length: 20 }, (_, i) => output[i * stride]!);
}

/** An engine that takes training steps: `loss` runs step i and gives its loss. */
export function trainingEngine(loss: (step: number) => Promise<number>, runner: TileRunner): BenchEngine {
  let last: Promise<number> | undefined;
  return {
    // As in an epoch, a step is begun while the one before is under way.
    async step(i) {
      const begun = loss(i);
      begun.catch(() => undefined);
      await last;
      last = begun;
    },
    async checks() {
      const losses: number[] = [];
      for (let i = 0; i < 20; i++) losses.push(await loss(i));
      return losses;
    },
    close: () => runner.close(),
  };
}

// Outer steps by worker threads: the same bytes for any number of them, and every way that a step can fail.
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KernelMemory } from '../../src/engine/memory/kernel-memory.js';
import { initialState, type ModelState } from '../../src/engine/model-state.js';
import { TRAIN } from '../../src/engine/programs/program-key.js';
import { trainingProgram } from '../../src/engine/programs/programs.js';
import { inlineRunner } from '../../src/engine/runner/inline-runner.js';
import type { TileRunner } from '../../src/engine/runner/tile-runner.js';
import { workerRunner } from '../../src/engine/runner/worker-runner.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import { comeToRest } from '../../src/interruption.js';
import type { Model } from '../../src/models/contract/definition.js';
import { mlp, mlpParameters } from '../../src/models/layers/mlp.js';
import { randomStream } from '../../src/random.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';
import { bytesOf } from '../../src/testing/subject/small-training.js';
import { trainStep } from '../../src/training/step.js';

const WIDTHS = [5, 5, 4, 1];
const HIDDEN = { batchNorm: true };
const field = { name: 'x', kind: 'categorical', size: 20, source: { kind: 'itemId' } } as const;
const model: Model = {
  name: 'steps',
  taskGroups: [],
  rowGroups: [
    {
      name: 'g',
      fields: [
        { field, table: 'small', dim: 3, offset: 0 },
        { field, table: 'large', dim: 2, offset: 3 },
      ],
      width: 5,
      dropout: 0,
    },
  ],
  // One that a worker looks after whole, and one whose rows are shared out.
  tables: [
    { name: 'small', rows: 20, dim: 3, scale: 1, optimizer: 'default' },
    { name: 'large', rows: 200, dim: 2, scale: 1, optimizer: 'default' },
  ],
  parameters: mlpParameters('deep', WIDTHS, HIDDEN),
  optimizers: { default: { name: 'adam', learningRate: 0.1, weightDecay: 0, l1: 0, embeddingL2: 0.1 } },
  learns: { by: 'rows', batchRows: 1 },
  adapts: [],
  unknownShare: 0,
  logits: (p, rows, _paths, pass) => mlp(p, 'deep', WIDTHS.length - 1, rows['g']!, HIDDEN, pass),
};
const PACE = { epochs: 1, horizon: 1, scores: [] };
const where = (): string => 'here';

/** Five rows drawn from the seed, each of the given weight. */
function tileOf(seed: number, weight = 0.1): Tile {
  const stream = randomStream(seed, 'tile');
  const indices = Int32Array.from({ length: 5 }, () => stream.integer(20));
  const label = Float32Array.from({ length: 5 }, () => stream.integer(2));
  return {
    groups: [
      {
        input: 'rows.g',
        group: 'g',
        leading: [5],
        rows: {
          rows: 5,
          fields: [
            { kind: 'categorical', indices },
            { kind: 'categorical', indices },
          ],
        },
      },
    ],
    tensors: {
      label: { data: label, shape: [5, 1] },
      weight: { data: new Float32Array(5).fill(weight), shape: [5, 1] },
    },
  };
}

const BROKEN: Tile = { ...tileOf(1), tensors: {} };
const NOT_FINITE = tileOf(1, Number.POSITIVE_INFINITY);

const open = (state: ModelState, workers: number): Promise<TileRunner> => {
  const programs = [{ key: TRAIN, program: trainingProgram(model) }];
  return workers > 0
    ? workerRunner(programs, model, state, { workers })
    : inlineRunner(onnxruntime, programs, model, state);
};

/** In each of two places in turn: tiles of other sizes than before, then of the same. */
const BATCHES = [
  [tileOf(1), tileOf(2), tileOf(3), tileOf(4)],
  [tileOf(5)],
  [tileOf(6), tileOf(7)],
  [tileOf(8)],
  [tileOf(9), tileOf(10)],
];

/** Steps, each begun while the one before is under way: the losses, the numbers and what the optimiser keeps. */
async function taken(workers: number, clip: number, memory?: KernelMemory): Promise<readonly unknown[]> {
  const state = initialState(model, 1, memory);
  const runner = await open(state, workers);
  try {
    const { step, optimizerState } = trainStep(model, state, runner, clip);
    const losses: number[] = [];
    let last = Promise.resolve(0);
    for (const tiles of BATCHES) {
      const begun = step(tiles, where, PACE);
      losses.push(await last);
      last = begun;
    }
    losses.push(await last);
    const slots = [...optimizerState.slots].flatMap(([, arrays]) => arrays.map((array) => [...array]));
    return [losses, bytesOf(state).toString('hex'), slots];
  } finally {
    await runner.close();
  }
}

describe('outer steps', () => {
  it('give the same bytes for any number of workers, whether clipped or not, and clipping changes them', async () => {
    const [free, clipped] = [await taken(0, 10), await taken(0, 0.01)];
    expect(clipped).not.toEqual(free);
    for (const workers of [1, 2, 3]) {
      expect(await taken(workers, 10)).toEqual(free);
      expect(await taken(workers, 0.01)).toEqual(clipped);
    }
    // Numbers that lie in kernel memory are moved there.
    for (const workers of [0, 2]) {
      expect(await taken(workers, 10, new KernelMemory())).toEqual(free);
      expect(await taken(workers, 0.01, new KernelMemory())).toEqual(clipped);
    }
  });

  it.each([0, 2])(
    'touch nothing where a loss is not finite, nor in the steps after it (%i workers)',
    async (n) => {
      const state = initialState(model, 1);
      const runner = await open(state, n);
      const { step, optimizerState } = trainStep(model, state, runner, 10);
      const before = bytesOf(state);
      const bad = step([tileOf(1), NOT_FINITE], () => 'the bad one', PACE);
      const after = step([tileOf(2)], () => 'the one after', PACE);
      after.catch(() => undefined);
      await expect(bad).rejects.toMatchObject({ code: 'LOSS_NOT_FINITE', where: 'the bad one' });
      await expect(after).rejects.toMatchObject({ name: 'InternalError' });
      await runner.close();
      expect(bytesOf(state).equals(before)).toBe(true);
      for (const arrays of optimizerState.slots.values())
        for (const array of arrays) expect(array.every((value) => value === 0)).toBe(true);
    },
  );
});

it('answers nobody when the process is to leave, also where workers wait for each other', async () => {
  const runner = await open(initialState(model, 1), 2);
  let answered = 0;
  const count = (): void => void answered++;
  const { step } = trainStep(model, initialState(model, 1), runner, 10);
  for (const seed of [1, 2]) step([tileOf(seed)], where, PACE).then(count, count);
  await comeToRest(10_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answered).toBe(0);
});

describe('a worker', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('that fails ends the step that others wait in, and the one after it', async () => {
    const state = initialState(model, 1);
    const runner = await open(state, 3);
    const { step } = trainStep(model, state, runner, 10);
    const failed = step([BROKEN], where, PACE);
    const after = step([tileOf(1)], where, PACE);
    after.catch(() => undefined);
    await expect(failed).rejects.toThrow(/a worker failed/);
    await expect(after).rejects.toThrow(/the workers have stopped/);
    await runner.close();
  });

  it('that is gone ends the step that others wait in', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const state = initialState(model, 1);
    const runner = await open(state, 2);
    const { step } = trainStep(model, state, runner, 10);
    await step([tileOf(1)], where, PACE);
    await (posted.mock.contexts[0] as Worker).terminate();
    await expect(step([tileOf(1)], where, PACE)).rejects.toThrow('a worker stopped with code 1');
    await runner.close();
  });
});

// Tiles through worker threads: results in order, of any number of tiles, made as they are asked for.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharedCopy } from '../../src/engine/model-state.js';
import { SCORE } from '../../src/engine/programs/program-key.js';
import { inlineRunner } from '../../src/engine/runner/inline-runner.js';
import type { TileRunner } from '../../src/engine/runner/tile-runner.js';
import { workerRunner } from '../../src/engine/runner/worker-runner.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import { UserError } from '../../src/errors.js';
import { add, mul } from '../../src/graph/ops/algebra.js';
import { input, tensor } from '../../src/graph/ops/leaves.js';
import { gather } from '../../src/graph/ops/lookup.js';
import { comeToRest } from '../../src/interruption.js';
import type { Model } from '../../src/models/contract/definition.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';

const table = tensor(Float32Array.of(10, 20, 30), [3]);
const probability = add(gather(table, input('index', ['rows'], 'int64')), input('x', ['rows']));
const model: Model = {
  name: 'sums',
  taskGroups: [],
  rowGroups: [],
  tables: [],
  parameters: [],
  optimizers: { default: { name: 'sgd', learningRate: 0, weightDecay: 0, l1: 0 } },
  learns: { by: 'rows', batchRows: 1 },
  adapts: [],
  unknownShare: 0,
  logits: () => probability,
};

/** Tile t: t % 3 + 1 rows that look up rows 0, 1, 2 of the table and add t to them. */
function tileOf(t: number): Tile {
  const rows = (t % 3) + 1;
  return {
    groups: [],
    tensors: {
      index: { data: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i)), shape: [rows] },
      x: { data: new Float32Array(rows).fill(t), shape: [rows] },
    },
  };
}

let runner: TileRunner;
beforeAll(async () => {
  const state = { parameters: new Map(), tables: new Map() };
  runner = await workerRunner([{ key: SCORE, program: { outputs: { probability } } }], model, state, {
    workers: 2,
  });
});
afterAll(() => runner.close());

it.each([0, 1, 2, 17, 100])('gives the results of %i tiles in their order', async (count) => {
  let made = 0;
  function* tiles(): Generator<Tile> {
    for (; made < count; made++) yield tileOf(made);
  }
  const results = await runner.run(SCORE, tiles());
  expect(made).toBe(count);
  expect(results.map((result) => [...result['probability']!])).toEqual(
    Array.from({ length: count }, (_, t) => [10 + t, 20 + t, 30 + t].slice(0, (t % 3) + 1)),
  );
});

it('picks rows of shared memory where the tile is run, and feeds them to the graph', async () => {
  const product = mul(input('vector', ['rows', 2]), input('x', ['rows', 1]));
  const programs = [{ key: SCORE, program: { outputs: { probability: product } } }];
  const state = { parameters: new Map(), tables: new Map() };
  const values = sharedCopy(Float32Array.of(1, 2, 3, 4, 5, 6));
  const tiles = [[2, 0, 0], [1]].map((picked, t): Tile => {
    const rows = new Int32Array(new SharedArrayBuffer(4 * picked.length));
    rows.set(picked);
    return {
      groups: [],
      picked: { vector: { values, rows, size: 2 } },
      tensors: { x: { data: new Float32Array(rows.length).fill(10 ** t), shape: [rows.length, 1] } },
    };
  });
  const runners = [
    await workerRunner(programs, model, state, { workers: 2 }),
    await inlineRunner(onnxruntime, programs, model, state),
  ];
  for (const of of runners) {
    const results = await of.run(SCORE, tiles);
    expect(results.map((result) => [...result['probability']!])).toEqual([
      [5, 6, 1, 2, 1, 2],
      [30, 40],
    ]);
    await of.close();
  }
});

it('passes on the fault of a tile that cannot be made, and runs tiles afterwards', async () => {
  function* tiles(): Generator<Tile> {
    for (let t = 0; t < 40; t++) yield tileOf(t);
    throw new Error('no such row');
  }
  await expect(runner.run(SCORE, tiles())).rejects.toThrow('no such row');
  const [after] = await runner.run(SCORE, [tileOf(2)]);
  expect([...after!['probability']!]).toEqual([12, 22, 32]);
});

it('ends the tiles that are begun when the process is to leave, begins no other, and answers nobody', async () => {
  const leaving = await workerRunner(
    [{ key: SCORE, program: { outputs: { probability } } }],
    model,
    { parameters: new Map(), tables: new Map() },
    { workers: 2 },
  );
  let made = 0;
  function* tiles(): Generator<Tile> {
    for (; made < 100_000; made++) yield tileOf(made);
  }
  let answered = 0;
  const count = (): void => void answered++;
  leaving.run(SCORE, tiles()).then(count, count);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await comeToRest(10_000);
  leaving.run(SCORE, [tileOf(2)]).then(count, count);
  const begun = made;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(begun).toBeGreaterThan(0);
  expect([made, answered]).toEqual([begun, 0]);
  expect(made).toBeLessThan(100_000);
});

it('passes on what the user can mend as such: a device that is not there', async () => {
  const state = { parameters: new Map(), tables: new Map() };
  const programs = [{ key: SCORE, program: { outputs: { probability } } }];
  const opening = workerRunner(programs, model, state, { workers: 2, device: 'cuda' });
  await expect(opening).rejects.toBeInstanceOf(UserError);
  await expect(opening).rejects.toMatchObject({
    code: 'DEVICE_ABSENT',
    where: '--device cuda',
    next: expect.stringContaining('docs/backends.md'),
  });
});

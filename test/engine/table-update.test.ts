// Table updates shared among workers, and the memory they share.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelMemory } from '../../src/engine/memory/kernel-memory.js';
import { SharedArena } from '../../src/engine/runner/shared-arena.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import { TableUpdate } from '../../src/engine/update/table-update.js';
import type { FieldGroup } from '../../src/models/contract/fields.js';
import type { OptimizerOptions } from '../../src/models/contract/options.js';
import { randomStream } from '../../src/random.js';

const ROWS = 200;
const DIM = 3;
const field = { name: 'x', kind: 'categorical', size: ROWS, source: { kind: 'itemId' } } as const;
const group: FieldGroup = {
  name: 'g',
  width: 2 * DIM,
  dropout: 0,
  fields: [
    { field, table: 'a', dim: DIM, offset: 0 },
    { field: { ...field, kind: 'multi' }, table: 'a', dim: DIM, offset: DIM },
  ],
};

function tileOf(seed: number, rows: number): Tile {
  const stream = randomStream(seed, 'tile');
  const indices = Int32Array.from({ length: rows }, () => stream.integer(ROWS + 20) - 20);
  const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => 2 * i);
  const values = Int32Array.from({ length: 2 * rows }, () => stream.integer(ROWS));
  return {
    groups: [
      {
        input: 'rows.g',
        group: 'g',
        leading: [rows],
        rows: {
          rows,
          fields: [
            { kind: 'categorical', indices: indices.map((index) => Math.max(-1, index)) },
            { kind: 'multi', offsets, indices: values },
          ],
        },
      },
    ],
    tensors: { label: { data: Float32Array.from({ length: rows }, (_, i) => i % 2), shape: [rows, 1] } },
  };
}

/** Three steps by so many shares, of numbers in kernel memory or elsewhere. */
function updated(
  shares: number,
  options: OptimizerOptions,
  memory?: KernelMemory,
): { values: number[]; slots: number[][] } {
  const floats = (length: number): Float32Array => memory?.floats(length) ?? new Float32Array(length);
  const values = floats(ROWS * DIM);
  for (let i = 0; i < values.length; i++) values[i] = Math.sin(i);
  const slots = [floats(ROWS * DIM), floats(ROWS * DIM)];
  const side = {
    name: 'm',
    tables: [{ name: 'a', rows: ROWS, dim: DIM, scale: 0, optimizer: 'default' }],
    optimizers: { default: options },
  };
  const groups = new Map([['g', group]]);
  const updates = Array.from(
    { length: shares },
    (_, index) => new TableUpdate(side, groups, { index, of: shares }, memory),
  );
  for (let step = 1; step <= 3; step++) {
    const tiles = [tileOf(step, 40), tileOf(step + 10, 25)];
    const gradients = tiles.map((tile, t) => {
      const stream = randomStream(step, 'gradient', t);
      const count = tile.groups[0]!.rows.rows * group.width;
      const gradient = floats(count);
      for (let i = 0; i < count; i++) gradient[i] = stream.normal();
      return { 'rows.g': gradient };
    });
    for (const update of updates)
      update.apply(tiles, gradients, new Map([['a', values]]), new Map([['a', slots]]), {
        step,
        epochs: step,
        horizon: 3,
        scores: [],
      });
  }
  return { values: [...values], slots: slots.map((slot) => [...slot]) };
}

describe('a table update', () => {
  it.each(['adam', 'adagrad', 'ftrl', 'sgd'] as const)(
    'of %s gives the same bytes however many share its rows',
    (name) => {
      const options = { name, learningRate: 0.1, weightDecay: 0.01, l1: 0.001 };
      const whole = updated(1, options);
      const start = Float32Array.from({ length: ROWS * DIM }, (_, i) => Math.sin(i));
      expect(whole.values.filter((x, i) => x !== start[i]).length).toBeGreaterThan(100);
      for (const shares of [2, 3, 7]) expect(updated(shares, options)).toEqual(whole);
      for (const shares of [1, 2, 3]) expect(updated(shares, options, new KernelMemory())).toEqual(whole);
    },
  );

  it('moves the rows that no batch reads where tables have a penalty over all rows', () => {
    const options = { name: 'adam', learningRate: 0.1, weightDecay: 0.5, l1: 0, embeddingL2: 0.01 } as const;
    const whole = updated(1, options);
    const start = Float32Array.from({ length: ROWS * DIM }, (_, i) => Math.sin(i));
    expect(whole.values.filter((x, i) => x === start[i]).length).toBe(0);
    for (const shares of [2, 3, 7]) expect(updated(shares, options)).toEqual(whole);
  });
});

describe.each([
  ['memory of its own', () => undefined],
  ['kernel memory', () => new KernelMemory()],
])('shared memory, in %s', (_, within) => {
  it('never hands out the same bytes twice in a round, also when it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 12 }), (lengths) => {
        const arena = new SharedArena(within());
        for (let round = 0; round < 2; round++) {
          arena.reset();
          const pieces = lengths.map((length, i) =>
            (i % 2 === 0 ? arena.floats(length) : arena.integers(length)).fill(i + 1),
          );
          pieces.forEach((piece, i) => {
            expect(piece.length).toBe(lengths[i]);
            expect(piece.every((x: number) => x === i + 1)).toBe(true);
          });
        }
      }),
      { numRuns: 10 },
    );
  });

  it('carries a tile whole', () => {
    const tile = tileOf(5, 30);
    const shared = new SharedArena(within()).share(tile);
    expect(shared).toEqual(tile);
    const column = shared.groups[0]!.rows.fields[0]!;
    expect(column.kind === 'categorical' && column.indices.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shared.tensors['label']!.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

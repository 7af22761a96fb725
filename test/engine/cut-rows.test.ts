// A batch of rows in pieces: they are the batch, masks included, and the number of workers changes no byte of what is trained.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSource } from '../../src/engine/features/load-source.js';
import { cutRows, piecesOf } from '../../src/engine/tiles/cut-rows.js';
import { rowGroups } from '../../src/engine/tiles/row-groups.js';
import { runTile, tileScratch } from '../../src/engine/tiles/run-tile.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import type { Model } from '../../src/models/contract/definition.js';
import type { FieldGroup } from '../../src/models/contract/fields.js';
import { SPLIT } from '../../src/prepared/format.js';
import { randomStream } from '../../src/random.js';
import type { CompiledProgram, Tensor } from '../../src/runtime/executor.js';
import { bytesOf, smallExecution, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { rowBatches } from '../../src/training/row-batches.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

it('makes two tiles of a batch that would be one, from 256 rows on, and tiles of some 512 rows of larger ones', () => {
  const pieces = (masked: boolean): number[] =>
    [255, 256, 1024, 1279, 1280, 2048].map((rows) => piecesOf(rows, rows, masked));
  expect(pieces(false)).toEqual([1, 2, 2, 2, 3, 4]);
  expect(pieces(true)).toEqual([1, 2, 2, 2, 2, 2]);
  // Blocks of a batch larger than `execution.tileRows` are shared already.
  expect([300, 767, 768, 2048].map((rows) => piecesOf(rows, 4096, false))).toEqual([1, 1, 2, 4]);
  expect(piecesOf(2048, 4096, true)).toBe(1);
});

const dataset = plantedDataset({ events: 40 });
const shard = await dataset.shard(0);
const source = await loadSource(dataset, [SPLIT.train]);
const model = smallModel('deep', dataset, {
  hidden: [5, 3],
  hiddenDropout: 0.25,
  embedding: { dropout: 0.5 },
});
const groups = new Map<string, FieldGroup>(model.rowGroups.map((group) => [group.name, group]));
const tables = new Map(
  model.tables.map(({ name, rows, dim }) => [
    name,
    Float32Array.from({ length: rows * dim }, (_, i) => 1 + i),
  ]),
);

/** What a program would be fed of a tile. */
async function fedOf(tile: Tile): Promise<Record<string, Tensor>> {
  const fed: Record<string, Tensor> = {};
  const inputs = [
    ...tile.groups.flatMap(({ input }) => [input, `mask.${input}`]),
    ...(tile.masks ?? []).map(({ name }) => `mask.${name}`),
    ...Object.keys(tile.tensors),
  ];
  const program: CompiledProgram = {
    inputs,
    run: async (feeds) => {
      for (const [name, { data, shape }] of Object.entries(feeds))
        fed[name] = { data: (data as Float32Array).slice(), shape };
      return {};
    },
    dispose: async () => {},
  };
  await runTile(program, tile, groups, tables, {}, tileScratch());
  return fed;
}

it('feeds the same rows, labels and masks, whatever the cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (rows, wanted) => {
        const pieces = Math.min(rows, wanted);
        const stream = randomStream(rows, 'cut', wanted);
        const chosen = Int32Array.from({ length: rows }, () => stream.integer(shard.rows));
        const masks = [
          { name: 'hidden.deep.0', shape: [rows, 5], rate: 0.25 },
          { name: 'hidden.deep.1', shape: [rows, 3], rate: 0.25 },
        ];
        const tile: Tile = {
          groups: rowGroups('rows', model, chosen, [rows], shard, source),
          tensors: {
            label: { data: Float32Array.from(chosen, (row) => shard.label[row]!), shape: [rows, 1] },
          },
          dropout: stream.state(),
          masks,
        };
        const whole = await fedOf(tile);
        const cut = cutRows(tile, rows, pieces);
        expect(cut.length).toBe(pieces);
        const parts = await Promise.all(cut.map(fedOf));
        expect(Object.keys(whole)).toEqual(expect.arrayContaining(['mask.hidden.deep.1', 'mask.rows.deep']));
        for (const [name, { data, shape }] of Object.entries(whole)) {
          expect(parts.flatMap((part) => [...(part[name]!.data as Float32Array)])).toEqual([...data]);
          expect(parts.map((part) => part[name]!.shape[0]!).reduce((a, b) => a + b)).toBe(shape[0]);
          for (const part of parts) expect(part[name]!.shape.slice(1)).toEqual(shape.slice(1));
        }
      },
    ),
    { numRuns: 30 },
  );
});

describe('training', () => {
  const [batch] = rowBatches(
    ...([model, 512, shard, source] as const),
    { seed: 1, phase: '', epoch: 1, learn: [0], tileRows: 2048, placebo: [] },
    randomStream(1),
  );

  it('has the same bytes for any number of workers', async () => {
    expect(batch!.tiles.map(({ groups: [group] }) => group!.rows.rows)).toEqual([256, 256]);
    const large: Model = { ...model, learns: { by: 'rows', batchRows: 512 } };
    const bytes = new Set<string>();
    for (const workers of [0, 1, 3]) {
      const execution = smallExecution({ workers, tileRows: 2048 });
      const { state } = await train(large, dataset, smallTraining({ epochs: 1 }), { execution });
      bytes.add(bytesOf(state).toString('hex'));
    }
    expect(bytes.size).toBe(1);
  });

  it('leaves a batch whole where its statistics are taken', () => {
    const normed = smallModel('deep', dataset, { batchNorm: true });
    const [{ tiles }] = [
      ...rowBatches(
        ...([normed, 512, shard, source] as const),
        { seed: 1, phase: '', epoch: 1, learn: [0], tileRows: 2048, placebo: [] },
        randomStream(1),
      ),
    ] as [typeof batch & object];
    expect(tiles.map(({ groups: [group] }) => group!.rows.rows)).toEqual([512]);
  });
});

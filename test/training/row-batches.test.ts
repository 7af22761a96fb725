// Rows in batches: looked up many batches at once, each gets the rows and the draws that it would get alone.
import { expect, it } from 'vitest';
import type { Model } from '../../src/models/contract/definition.js';
import type { EventShard } from '../../src/prepared/dataset.js';
import { randomStream } from '../../src/random.js';
import { rowBatches } from '../../src/training/row-batches.js';

const ROWS = 131_072 + 40_000;
const BATCH = 30_000;

it('go on where looking up stops, with every draw in its place', () => {
  const field = { name: 'x', kind: 'categorical', size: ROWS, source: { kind: 'itemId' } } as const;
  const model = {
    taskGroups: [],
    rowGroups: [{ name: 'g', fields: [{ field, table: 'a', dim: 1, offset: 0 }], width: 1, dropout: 0.5 }],
    parameters: [],
    unknownShare: 0.25,
  } as unknown as Model;
  const row = Int32Array.from({ length: ROWS }, (_, i) => i);
  const shard = {
    rows: ROWS,
    entity: new Int32Array(ROWS),
    item: row,
    label: Float32Array.from(row),
    split: new Uint8Array(ROWS),
    features: new Map(),
  } as unknown as EventShard;
  const source = {
    entityFeatures: new Map(),
    itemFeatures: new Map(),
    seenEntity: Uint8Array.of(1),
    seenItem: new Uint8Array(ROWS).fill(1),
  };
  const options = { seed: 1, phase: '', epoch: 1, learn: [0], tileRows: 20_000, placebo: [] };
  const batches = [...rowBatches(model, BATCH, shard, source, options, randomStream(1))];
  expect(batches.map(({ units, tiles }) => [units, tiles.length])).toEqual([
    ...Array.from({ length: 5 }, () => [BATCH, 2]),
    [ROWS - 5 * BATCH, 2],
  ]);

  const stream = randomStream(1);
  const order = stream.shuffle(row.slice());
  let at = 0;
  let [hidden, wrong] = [0, 0];
  for (const { units, tiles } of batches)
    for (const { groups, tensors, dropout } of tiles) {
      const [indices] = groups[0]!.rows.fields.map((of) => (of.kind === 'categorical' ? of.indices : []));
      const [label, weight] = [tensors['label']!.data, tensors['weight']!.data];
      for (let i = 0; i < indices!.length; i++, at++) {
        const unknown = stream.uniform() < 0.25;
        hidden += unknown ? 1 : 0;
        const right = label[i] === order[at] && weight[i] === Math.fround(1 / units);
        if (!right || indices![i] !== (unknown ? 0 : order[at])) wrong++;
      }
      expect(dropout).toEqual([0, 1, 2, 3].map(() => stream.integer(4294967296) | 0));
    }
  expect([at, wrong]).toEqual([ROWS, 0]);
  expect(hidden).toBeGreaterThan(0);
});

// The sample of entities that the adaptation curves are drawn from: whole histories, the same ones for a seed.

import { describe, expect, it } from 'vitest';
import { sampleEntities } from '../../../src/evaluation/adaptation/entity-sample.js';
import { takeEntities } from '../../../src/evaluation/adaptation/take-entities.js';
import type { EventShard } from '../../../src/prepared/dataset.js';
import { SPLIT } from '../../../src/prepared/format.js';
import { randomStream } from '../../../src/random.js';
import { plantedDataset } from '../../support/planted-dataset.js';

const events = 20;
const dataset = plantedDataset({ entities: 30, events, shards: 3 });
const draw = (entities: number, rows: number, seed = 1) =>
  sampleEntities(dataset, SPLIT.test, { entities, rows }, randomStream(seed, 'sample'));

async function shardsOf(from: typeof dataset): Promise<EventShard[]> {
  return Promise.all(Array.from({ length: from.shardCount }, (_, i) => from.shard(i)));
}

describe('a sample of entities', () => {
  it('is everything where everything fits', async () => {
    const sample = await draw(30, 30 * events);
    expect(sample).toMatchObject({ entities: 30, rows: 30 * 4, sampledFrom: null });
    expect(await shardsOf(sample.dataset)).toEqual(await shardsOf(dataset));
  });

  it('keeps whole histories of as many as are wanted, in order, and says of how many', async () => {
    const sample = await draw(7, 1e9);
    expect(sample).toMatchObject({ entities: 7, rows: 28, sampledFrom: { entities: 30, rows: 120 } });
    const shards = await shardsOf(sample.dataset);
    const kept = shards.flatMap(({ entities }) => [...entities]);
    expect(new Set(kept).size).toBe(7);
    for (const shard of shards) {
      expect([...shard.entities]).toEqual([...shard.entities].sort((a, b) => a - b));
      expect(shard.rows).toBe(shard.entities.length * events);
    }
    const again = await draw(7, 1e9);
    expect(await shardsOf(again.dataset)).toEqual(shards);
    const other = await draw(7, 1e9, 2);
    expect((await shardsOf(other.dataset)).flatMap(({ entities }) => [...entities])).not.toEqual(kept);
  });

  it('is bounded by rows too, but never empty', async () => {
    expect((await draw(30, 5 * events)).entities).toBe(5);
    expect((await draw(30, 5 * events + 1)).entities).toBe(5);
    expect((await draw(30, 1)).entities).toBe(1);
  });
});

describe('some entities of a shard', () => {
  it('carry every kind of event feature with them', () => {
    const shard: EventShard = {
      rows: 5,
      entities: Int32Array.from([4, 7, 9]),
      offsets: Int32Array.from([0, 2, 3, 5]),
      entity: Int32Array.from([4, 4, 7, 9, 9]),
      item: Int32Array.from([1, 2, 3, 4, 5]),
      timestampMs: Float64Array.from([10, 20, 30, 40, 50]),
      label: Float32Array.from([0, 1, 0, 1, 1]),
      split: Uint8Array.from([0, 1, 2, 0, 2]),
      truth: Float64Array.from([0.1, 0.2, 0.3, 0.4, 0.5]),
      features: new Map([
        ['place', { kind: 'categorical', name: 'place', size: 9, indices: Int32Array.from([5, 6, 7, 8, 0]) }],
        ['age', { kind: 'numeric', name: 'age', values: Float32Array.from([1, 2, 3, 4, 5]) }],
        [
          'tags',
          {
            kind: 'multi',
            name: 'tags',
            size: 9,
            offsets: Int32Array.from([0, 1, 1, 3, 4, 6]),
            indices: Int32Array.from([1, 2, 3, 4, 5, 6]),
          },
        ],
      ]),
    };
    const taken = takeEntities(shard, [0, 2]);
    expect([...taken.entities]).toEqual([4, 9]);
    expect([...taken.offsets]).toEqual([0, 2, 4]);
    expect([...taken.entity]).toEqual([4, 4, 9, 9]);
    expect([...taken.item]).toEqual([1, 2, 4, 5]);
    expect([...taken.timestampMs]).toEqual([10, 20, 40, 50]);
    // The labels and splits of rows 0, 1, 3 and 4; those of the first four rows are others.
    expect([...taken.label]).toEqual([0, 1, 1, 1]);
    expect([...taken.split]).toEqual([0, 1, 0, 2]);
    expect([...taken.truth!]).toEqual([0.1, 0.2, 0.4, 0.5]);
    expect([...taken.features.values()]).toEqual([
      { kind: 'categorical', name: 'place', size: 9, indices: Int32Array.from([5, 6, 8, 0]) },
      { kind: 'numeric', name: 'age', values: Float32Array.from([1, 2, 4, 5]) },
      {
        kind: 'multi',
        name: 'tags',
        size: 9,
        offsets: Int32Array.from([0, 1, 1, 2, 4]),
        indices: Int32Array.from([1, 4, 5, 6]),
      },
    ]);
  });
});

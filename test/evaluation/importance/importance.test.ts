// Permutation importance: equal to scoring data whose rows were exchanged by hand, and nothing else is moved.
import { expect, it } from 'vitest';
import { collectGroup } from '../../../src/engine/features/feature-source.js';
import { loadSource } from '../../../src/engine/features/load-source.js';
import { columnOf, exchangedPlaces, readFields } from '../../../src/evaluation/importance/exchanged-rows.js';
import { measureImportance } from '../../../src/evaluation/importance/measure-importance.js';
import { spreadOf } from '../../../src/evaluation/importance/spread.js';
import type { EventShard, PreparedDataset } from '../../../src/prepared/dataset.js';
import { SPLIT } from '../../../src/prepared/format.js';
import { silent } from '../../../src/progress.js';
import { randomStream } from '../../../src/random.js';
import { rolesAfter } from '../../../src/scoring/learning-rows.js';
import {
  scoreTest,
  smallExecution,
  smallTraining,
  train,
} from '../../../src/testing/subject/small-training.js';
import { plantedDataset } from '../../support/planted-dataset.js';
import { smallModel } from '../../support/small-model.js';

const dataset = plantedDataset({ entities: 60, events: 30, shards: 2 });
const shardsOf = (of: PreparedDataset): Promise<EventShard[]> =>
  Promise.all(Array.from({ length: of.shardCount }, (_, i) => of.shard(i)));

it('exchanges scored rows among themselves and leaves all others alone', async () => {
  const shards = await shardsOf(dataset);
  const places = exchangedPlaces(shards, SPLIT.test, randomStream(1, 'exchange'));
  let before = 0;
  const [given, taken]: [number[], number[]] = [[], []];
  for (const shard of shards) {
    places.get(shard)!.forEach((place, row) => {
      if (shard.split[row] !== SPLIT.test) expect(place).toBe(before + row);
      else {
        given.push(before + row);
        taken.push(place);
      }
    });
    before += shard.rows;
  }
  expect(given).toHaveLength(360);
  expect(taken).not.toEqual(given);
  expect(taken.toSorted((a, b) => a - b)).toEqual(given);
  expect(exchangedPlaces(shards, SPLIT.test, randomStream(1, 'exchange'))).toEqual(places);
});

it('gives rows the values of others, of every kind of field, and entities as a whole their own', async () => {
  const model = smallModel('widedeep', dataset);
  const source = await loadSource(dataset, [SPLIT.train]);
  const shards = await shardsOf(dataset);
  const places = exchangedPlaces(shards, SPLIT.test, randomStream(2, 'exchange'));
  const fields = readFields(model);
  expect(fields.map(({ name }) => name).toSorted()).toEqual([
    'age',
    'entity',
    'item',
    'kind',
    'quality',
    'tags',
  ]);
  const [shard] = shards;
  const row = shard!.split.findIndex((split, r) => split === SPLIT.test && places.get(shard!)![r] !== r);
  const other = places.get(shard!)![row]!;
  const from =
    other < shard!.rows ? ([shard!, other] as const) : ([shards[1]!, other - shard!.rows] as const);
  const one = (of: EventShard, r: number) => ({
    entity: of.entity.slice(r, r + 1),
    item: of.item.slice(r, r + 1),
    event: Int32Array.of(r),
  });
  for (const field of fields) {
    const group = { name: 'g', width: 1, dropout: 0, fields: [{ field, table: null, dim: 1, offset: 0 }] };
    const exchanged = { field: field.name, column: columnOf(field, shards, source), places };
    const moved = collectGroup(group, one(shard!, row), { ...source, exchanged }, shard!);
    expect(moved).toEqual(collectGroup(group, one(from[0], from[1]), source, from[0]));
    const whole = { ...one(shard!, row), event: Int32Array.of(-1) };
    expect(collectGroup(group, whole, { ...source, exchanged }, shard!)).toEqual(
      collectGroup(group, whole, source, shard!),
    );
  }
});

async function measured(name: string, of: PreparedDataset, options: object, epochs: number) {
  const model = smallModel(name, of, options);
  const training = smallTraining({ epochs, patience: epochs });
  const { state } = await train(model, of, training);
  const inputs = {
    model,
    state,
    dataset: of,
    roles: rolesAfter({ refit: false }),
    training,
    execution: smallExecution(),
    level: 0.95,
    repeats: 2,
    seed: 3,
    progress: silent,
  };
  const found = await measureImportance(inputs);
  expect(await measureImportance(inputs)).toEqual(found);
  return { model, state, found };
}

it('is most for what the taste is about', async () => {
  const { model, state, found } = await measured('limaml', dataset, { optimizer: { learningRate: 5e-3 } }, 8);
  const plain = await scoreTest(model, dataset, state);
  expect(found).toMatchObject({ rows: 360, entities: 60, split: 'test', sampledFrom: null, auc: plain.auc });
  expect(found.fields[0]!.field).toBe('kind');
  expect(found.fields[0]!.auc!.mean).toBeGreaterThan(0.02);
});

it('is what scoring rows that were exchanged by hand gives', async () => {
  // No item was seen in training, so that its ID says nothing and rows can have items of their own.
  const zeros = async () => ({ train: none, valid: none, test: none });
  const none = new Int32Array(10_000);
  const unseen = { ...dataset, itemCounts: zeros };
  const { model, state, found } = await measured('deep', unseen, {}, 2);
  expect(found.fields.find(({ field }) => field === 'item')!.auc!.mean).toBe(0);
  const plain = await scoreTest(model, unseen, state);
  const shards = await shardsOf(dataset);
  const quality = (await dataset.itemFeatures()).get('quality')!;
  if (quality.kind !== 'numeric') throw new Error('quality is a number');
  const all = shards.flatMap((shard) => [...shard.item]);
  const drops: number[] = [];
  for (const r of [0, 1]) {
    const places = exchangedPlaces(shards, SPLIT.test, randomStream(3, 'importance', 'repeat', r));
    const scores = await scoreTest(model, byRow(unseen, shards, places, all, quality.values), state);
    drops.push(plain.auc! - scores.auc!);
  }
  expect(drops[0]).not.toBe(0);
  expect(found.fields.find(({ field }) => field === 'quality')!.auc).toEqual(spreadOf(drops, 0.95));
});

/** The data set with an item of its own for every row, like the row's item but for its quality. */
function byRow(
  of: PreparedDataset,
  shards: readonly EventShard[],
  places: ReadonlyMap<EventShard, Int32Array>,
  items: readonly number[],
  quality: Float32Array,
): PreparedDataset {
  const starts = shards.map((_, s) => shards.slice(0, s).reduce((sum, { rows }) => sum + rows, 0));
  const own = shards.map((shard, s) => ({
    ...shard,
    item: Int32Array.from(shard.item, (_, row) => starts[s]! + row),
  }));
  const value = shards.flatMap((shard) => [...places.get(shard)!].map((place) => quality[items[place]!]!));
  const at = Int32Array.from(items);
  return {
    ...of,
    shard: async (i) => own[i]!,
    itemFeatures: async () => {
      const features = new Map(await of.itemFeatures());
      const kind = features.get('kind')!;
      const tags = features.get('tags')!;
      if (kind.kind !== 'categorical' || tags.kind !== 'multi')
        throw new Error('other features than planted');
      const offsets = [0];
      const indices = items.flatMap((i) => {
        const own = [...tags.indices.subarray(tags.offsets[i]!, tags.offsets[i + 1]!)];
        offsets.push(offsets.at(-1)! + own.length);
        return own;
      });
      features.set('kind', { ...kind, indices: at.map((i) => kind.indices[i]!) });
      features.set('tags', { ...tags, offsets: Int32Array.from(offsets), indices: Int32Array.from(indices) });
      features.set('quality', { kind: 'numeric', name: 'quality', values: Float32Array.from(value) });
      return features;
    },
  };
}

it('has a t interval over repeats', () => {
  // Mean 2, deviation 1, t(0.975, 2) = 4.302653.
  const { mean, low, high } = spreadOf([1, 2, 3], 0.95);
  expect(mean).toBe(2);
  expect(low).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5);
  expect(high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5);
  expect(spreadOf([1], 0.95)).toEqual({ mean: 1, low: null, high: null });
});

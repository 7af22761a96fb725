// The log as it was at an instant: what a model learns from that is trained again while the scored rows go by.
import type { EventShard, PreparedDataset, SplitCounts } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';

/**
 * The data with other splits: training rows strictly before `until` stay training rows, all others before it are validation rows, rows
 * of then or later are test rows. Rows that no model trains on stay what they are. Features and their scales are those that were prepared.
 */
export async function datasetAsOf(dataset: PreparedDataset, until: number): Promise<PreparedDataset> {
  const shard = async (index: number): Promise<EventShard> => {
    const whole = await dataset.shard(index);
    return {
      ...whole,
      split: whole.split.map((code, row) => codeAsOf(code, whole.timestampMs[row]! < until)),
    };
  };
  const { entities, items } = dataset.manifest;
  const counts = { entity: emptyCounts(entities), item: emptyCounts(items) };
  for (let index = 0; index < dataset.shardCount; index++) {
    const { split, entity, item } = await shard(index);
    split.forEach((code, row) => {
      const name = COUNTED[code];
      if (name === undefined) return;
      counts.entity[name][entity[row]!]!++;
      counts.item[name][item[row]!]!++;
    });
  }
  const splits = Object.fromEntries(
    (['train', 'valid', 'test'] as const).map((name) => {
      const [ofEntity, ofItem] = [counts.entity[name], counts.item[name]];
      const rows = ofEntity.reduce((sum, count) => sum + count, 0);
      const some = (of: Int32Array): number => of.filter((count) => count > 0).length;
      return [
        name,
        { ...dataset.manifest.splits[name], rows, entities: some(ofEntity), items: some(ofItem) },
      ];
    }),
  ) as unknown as PreparedDataset['manifest']['splits'];
  return {
    ...dataset,
    manifest: { ...dataset.manifest, splits },
    shard,
    entityCounts: async () => counts.entity,
    itemCounts: async () => counts.item,
  };
}

const COUNTED: Readonly<Record<number, keyof SplitCounts>> = {
  [SPLIT.train]: 'train',
  [SPLIT.valid]: 'valid',
  [SPLIT.test]: 'test',
};

function codeAsOf(code: number, isPast: boolean): number {
  if (code === SPLIT.support) return code;
  if (!isPast) return SPLIT.test;
  return code === SPLIT.train ? code : SPLIT.valid;
}

const emptyCounts = (size: number): SplitCounts => ({
  train: new Int32Array(size + 1),
  valid: new Int32Array(size + 1),
  test: new Int32Array(size + 1),
});

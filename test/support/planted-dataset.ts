// A small data set with planted tastes: two kinds of items, each entity likes one of them.

import type { FeatureTable, PreparedDataset } from '../../src/prepared/dataset.js';
import { SPLIT } from '../../src/prepared/format.js';
import type { FeatureSpec } from '../../src/prepared/manifest.js';
import { randomStream } from '../../src/random.js';
import { memoryDataset } from './memory-dataset.js';

interface PlantedOptions {
  readonly entities?: number;
  readonly items?: number;
  readonly events?: number;
  readonly shards?: number;
  readonly seed?: number;
  /** False: nothing is known of a member but its events. */
  readonly memberFeatures?: boolean;
}

const SPECS: readonly FeatureSpec[] = [
  { name: 'age', side: 'entity', kind: 'categorical', size: 4 },
  { name: 'kind', side: 'item', kind: 'categorical', size: 3 },
  { name: 'tags', side: 'item', kind: 'multi', size: 6, separator: '|' },
  {
    name: 'quality',
    side: 'item',
    kind: 'numeric',
    transform: { log: false, mean: 0, deviation: 1, missing: 0 },
  },
];

/**
 * Every entity has `events` events one second apart, the last fifth of them test and the ones before valid; whether it
 * clicks depends on its own taste for the item's kind and on the item's quality. Its features say nothing.
 */
export function plantedDataset(options: PlantedOptions = {}): PreparedDataset {
  const { entities = 40, items = 30, events = 20, shards = 1, seed = 1, memberFeatures = true } = options;
  const stream = randomStream(seed, 'planted');
  const kind = Int32Array.from({ length: items + 1 }, (_, i) => (i === 0 ? 0 : 1 + (i % 2)));
  const quality = Float32Array.from({ length: items + 1 }, (_, i) => (i === 0 ? 0 : stream.normal()));
  const offsets = new Int32Array(items + 2);
  for (let i = 1; i <= items; i++) offsets[i + 1] = offsets[i]! + (i % 3);
  const tags = Int32Array.from({ length: offsets[items + 1]! }, () => 1 + stream.integer(5));
  const rows = { entity: [], item: [], timestampMs: [], label: [], split: [] } as Record<string, number[]>;
  for (let e = 1; e <= entities; e++) {
    const taste = stream.uniform() < 0.5 ? -1 : 1;
    for (let n = 0; n < events; n++) {
      const item = 1 + stream.integer(items);
      const logit = 2 * taste * (kind[item] === 1 ? 1 : -1) + 0.5 * quality[item]!;
      rows['entity']!.push(e);
      rows['item']!.push(item);
      rows['timestampMs']!.push(1_000_000 + 1000 * n);
      rows['label']!.push(stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0);
      rows['split']!.push(n < 0.65 * events ? SPLIT.train : n < 0.8 * events ? SPLIT.valid : SPLIT.test);
    }
  }
  const age = Int32Array.from({ length: entities + 1 }, (_, e) => (e === 0 ? 0 : 1 + (e % 3)));
  const entityFeatures: FeatureTable = new Map(
    memberFeatures ? [['age', { kind: 'categorical', name: 'age', size: 4, indices: age }]] : [],
  );
  const itemFeatures: FeatureTable = new Map([
    ['kind', { kind: 'categorical' as const, name: 'kind', size: 3, indices: kind }],
    ['tags', { kind: 'multi' as const, name: 'tags', size: 6, offsets, indices: tags }],
    ['quality', { kind: 'numeric' as const, name: 'quality', values: quality }],
  ]);
  const { entity, item, timestampMs, label, split } = rows as Record<
    'entity' | 'item' | 'timestampMs' | 'label' | 'split',
    number[]
  >;
  return memoryDataset(
    { entity, item, timestampMs, label, split },
    entityFeatures,
    itemFeatures,
    SPECS.filter(({ side }) => memberFeatures || side !== 'entity'),
    shards,
  );
}

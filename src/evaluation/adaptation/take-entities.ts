// Some entities of a shard with their whole histories, as a shard of its own.
import type { EventShard, FeatureColumn } from '../../prepared/dataset.js';

/** @param places of `shard.entities`, ascending */
export function takeEntities(shard: EventShard, places: readonly number[]): EventShard {
  const offsets = new Int32Array(places.length + 1);
  places.forEach((place, i) => {
    offsets[i + 1] = offsets[i]! + shard.offsets[place + 1]! - shard.offsets[place]!;
  });
  const rows = new Int32Array(offsets[places.length]!);
  places.forEach((place, i) => {
    for (let n = 0; n < offsets[i + 1]! - offsets[i]!; n++) rows[offsets[i]! + n] = shard.offsets[place]! + n;
  });
  return {
    rows: rows.length,
    entities: Int32Array.from(places, (place) => shard.entities[place]!),
    offsets,
    entity: rows.map((row) => shard.entity[row]!),
    item: rows.map((row) => shard.item[row]!),
    timestampMs: Float64Array.from(rows, (row) => shard.timestampMs[row]!),
    label: Float32Array.from(rows, (row) => shard.label[row]!),
    split: Uint8Array.from(rows, (row) => shard.split[row]!),
    features: new Map([...shard.features].map(([name, column]) => [name, takeRows(column, rows)])),
    truth: shard.truth && Float64Array.from(rows, (row) => shard.truth![row]!),
  };
}

function takeRows(column: FeatureColumn, rows: Int32Array): FeatureColumn {
  if (column.kind === 'numeric')
    return { ...column, values: Float32Array.from(rows, (row) => column.values[row]!) };
  if (column.kind === 'categorical') return { ...column, indices: rows.map((row) => column.indices[row]!) };
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = offsets[i]! + column.offsets[row + 1]! - column.offsets[row]!;
  });
  const indices = new Int32Array(offsets[rows.length]!);
  rows.forEach((row, i) => {
    indices.set(column.indices.subarray(column.offsets[row]!, column.offsets[row + 1]!), offsets[i]!);
  });
  return { ...column, offsets, indices };
}

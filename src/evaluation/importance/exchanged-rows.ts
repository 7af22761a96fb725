// Scored rows that take each other's values of one field; all other rows keep their own.
import {
  type ExchangedField,
  type FeatureSource,
  fieldColumn,
} from '../../engine/features/feature-source.js';
import { refsOf } from '../../engine/tiles/row-groups.js';
import type { Model } from '../../models/contract/definition.js';
import type { Field, FieldGroup } from '../../models/contract/fields.js';
import type { EventShard, FeatureColumn } from '../../prepared/dataset.js';
import type { RandomStream } from '../../random.js';

/** Fields that a model reads of a scored row, each once: those of a cross, not the cross itself. */
export function readFields(model: Model): readonly Field[] {
  const leaves = ({ source, ...field }: Field): Field[] =>
    source.kind === 'cross' ? [...leaves(source.left), ...leaves(source.right)] : [{ source, ...field }];
  const groups: readonly FieldGroup[] = model.rowGroups;
  const all = groups.flatMap(({ fields }) => fields.flatMap(({ field }) => leaves(field)));
  return [...new Map(all.map((field) => [field.name, field])).values()];
}

/** Values of a field for all rows of the shards, one after the other. */
export function columnOf(field: Field, shards: readonly EventShard[], source: FeatureSource): FeatureColumn {
  return joined(
    shards.map((shard) =>
      fieldColumn(
        field,
        refsOf(
          Int32Array.from({ length: shard.rows }, (_, row) => row),
          shard,
        ),
        source,
        shard,
      ),
    ),
  );
}

/** Of each shard, where its rows take their values from: scored rows from each other at random, all others from themselves. */
export function exchangedPlaces(
  shards: readonly EventShard[],
  target: number,
  stream: RandomStream,
): ExchangedField['places'] {
  let before = 0;
  const own = new Map<EventShard, Int32Array>();
  const scored: number[] = [];
  for (const shard of shards) {
    own.set(
      shard,
      Int32Array.from({ length: shard.rows }, (_, row) => before + row),
    );
    shard.split.forEach((split, row) => {
      if (split === target) scored.push(before + row);
    });
    before += shard.rows;
  }
  const drawn = stream.shuffle(Int32Array.from(scored));
  let next = 0;
  for (const [shard, places] of own)
    shard.split.forEach((split, row) => {
      if (split === target) places[row] = drawn[next++]!;
    });
  return own;
}

/** Columns of one field, end to end. */
function joined(columns: readonly FeatureColumn[]): FeatureColumn {
  const [first] = columns;
  if (first === undefined) throw new Error('there is no shard to take values from');
  if (first.kind === 'numeric')
    return {
      ...first,
      values: Float32Array.from(columns.flatMap((c) => (c.kind === 'numeric' ? [...c.values] : []))),
    };
  const indices = Int32Array.from(columns.flatMap((c) => (c.kind === 'numeric' ? [] : [...c.indices])));
  if (first.kind === 'categorical') return { ...first, indices };
  const offsets = [0];
  for (const column of columns) {
    const start = offsets.at(-1)!;
    if (column.kind === 'multi')
      for (const offset of column.offsets.subarray(1)) offsets.push(start + offset);
  }
  return { ...first, indices, offsets: Int32Array.from(offsets) };
}

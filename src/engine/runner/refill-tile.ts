// A tile's numbers put where copies of an earlier one's with the same layout lie, so that workers need not be told where they are.
import type { FieldRows } from '../features/feature-source.js';
import type { Tile, TileGroup } from '../tiles/tile.js';

/**
 * Copies the numbers of `tile`, but for the state of its dropout, over those of `held`; false, and nothing is copied, where they differ in
 * more than numbers.
 */
export function refillTile(held: Tile, tile: Tile): boolean {
  if (!sameLayout(held, tile)) return false;
  held.groups.forEach((group, g) => {
    group.rows.fields.forEach((field, f) => {
      refillField(field, tile.groups[g]!.rows.fields[f]!);
    });
  });
  for (const [name, { data }] of Object.entries(held.tensors))
    (data as Float32Array).set(tile.tensors[name]!.data as Float32Array);
  return true;
}

function refillField(held: FieldRows, field: FieldRows): void {
  if (held.kind === 'numeric') held.values.set((field as typeof held).values);
  else held.indices.set((field as typeof held).indices);
  if (held.kind === 'multi') held.offsets.set((field as typeof held).offsets);
}

/** Whether sharing the tile copies all of its numbers: of those that lie in shared memory already, which tiles may have in common, it does not. */
export function isCopied({ groups, tensors, picked }: Tile): boolean {
  const fields = groups.flatMap(({ rows }) => rows.fields);
  const arrays = [
    ...fields.flatMap((field) => (field.kind === 'numeric' ? [field.values] : [])),
    ...Object.values(tensors).map(({ data }) => data),
  ];
  return picked === undefined && arrays.every(({ buffer }) => !(buffer instanceof SharedArrayBuffer));
}

const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

function sameLayout(a: Tile, b: Tile): boolean {
  return (
    b.picked === undefined &&
    a.groups.length === b.groups.length &&
    a.groups.every((group, g) => sameGroup(group, b.groups[g]!)) &&
    sameTensors(a.tensors, b.tensors) &&
    (a.dropout === undefined) === (b.dropout === undefined) &&
    a.within?.from === b.within?.from &&
    a.within?.of === b.within?.of &&
    sameMasks(a.masks ?? [], b.masks ?? [])
  );
}

function sameGroup(a: TileGroup, b: TileGroup): boolean {
  return (
    a.input === b.input &&
    a.group === b.group &&
    a.rows.rows === b.rows.rows &&
    equal(a.leading, b.leading) &&
    a.rows.fields.length === b.rows.fields.length &&
    a.rows.fields.every((field, f) => sameField(field, b.rows.fields[f]!))
  );
}

function sameField(a: FieldRows, b: FieldRows): boolean {
  if (a.kind === 'numeric') return b.kind === 'numeric' && a.values.length === b.values.length;
  return a.kind === b.kind && a.indices.length === (b as typeof a).indices.length;
}

function sameTensors(a: Tile['tensors'], b: Tile['tensors']): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other] = [a[name]!, b[name]];
      return (
        other !== undefined &&
        one.data.constructor === other.data.constructor &&
        one.data.length === other.data.length &&
        equal(one.shape, other.shape)
      );
    })
  );
}

function sameMasks(a: NonNullable<Tile['masks']>, b: NonNullable<Tile['masks']>): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, shape, rate }, i) => {
      const other = b[i]!;
      return name === other.name && rate === other.rate && equal(shape, other.shape);
    })
  );
}

// Cuts a tile of single rows into tiles of fewer rows.
import type { FieldRows } from '../features/feature-source.js';
import type { Tile } from './tile.js';

/** From so many rows on two workers are faster than one: below, what a tile costs by itself outweighs it. */
const WORTH_SHARING = 256;

/** Of so many rows what a network of some hundred units a layer has between its products stays in a core's cache. */
const NEAR_ROWS = 512;

/**
 * In how many tiles a block of `block` rows is run, of a batch of `batch` rows: two at least where it is the whole batch, or a second
 * worker would be idle. The same for any number of workers, since every sum is one of tiles. A block with masks is cut no further, as
 * each of its tiles draws those of all its rows.
 */
export function piecesOf(block: number, batch: number, masked: boolean): number {
  const shared = block === batch && block >= WORTH_SHARING ? 2 : 1;
  return masked ? shared : Math.max(shared, Math.round(block / NEAR_ROWS));
}

/**
 * The tile's rows in so many tiles, even ones, in their order. Every array of it must have a row (or a value) for each; its dropout
 * masks stay what they were for the whole.
 */
export function cutRows(tile: Tile, rows: number, pieces: number): readonly Tile[] {
  if (pieces === 1) return [tile];
  return Array.from({ length: pieces }, (_, piece) => {
    const from = Math.floor((piece * rows) / pieces);
    const to = Math.floor(((piece + 1) * rows) / pieces);
    return {
      ...sliceRows(tile, from, to),
      ...(tile.dropout === undefined ? {} : { dropout: tile.dropout, within: { from, of: rows } }),
      ...(tile.masks === undefined
        ? {}
        : { masks: tile.masks.map((mask) => ({ ...mask, shape: [to - from, ...mask.shape.slice(1)] })) }),
    };
  });
}

/** Some of a tile's rows, in the same memory, without its dropout. */
export function sliceRows({ groups, tensors }: Tile, from: number, to: number): Tile {
  return {
    groups: groups.map((group) => ({
      ...group,
      leading: [to - from],
      rows: { rows: to - from, fields: group.rows.fields.map((field) => cutField(field, from, to)) },
    })),
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, { data, shape }]) => [
        name,
        { data: data.subarray(from, to), shape: [to - from, ...shape.slice(1)] },
      ]),
    ),
  };
}

function cutField(field: FieldRows, from: number, to: number): FieldRows {
  switch (field.kind) {
    case 'categorical':
      return { kind: 'categorical', indices: field.indices.subarray(from, to) };
    case 'numeric':
      return { kind: 'numeric', values: field.values.subarray(from, to) };
    case 'multi': {
      const start = field.offsets[from]!;
      return {
        kind: 'multi',
        offsets: field.offsets.slice(from, to + 1).map((offset) => offset - start),
        indices: field.indices.subarray(start, field.offsets[to]),
      };
    }
  }
}

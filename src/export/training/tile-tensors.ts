// A tile as tensors that another engine reads: what its rows refer to, what is fed as it is, and its dropout masks.
import { masksOf } from '../../engine/tiles/dropout-mask.js';
import type { Tile } from '../../engine/tiles/tile.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import { maskName } from '../../models/layers/dropout.js';
import type { AnyTensor, TensorData } from './tensor-file.js';

/** How a tile is put together again; names are those of the graph's inputs. */
export interface TileParts {
  readonly groups: readonly {
    readonly input: string;
    readonly group: string;
    /** Sizes before the width. */
    readonly leading: readonly number[];
    /** Of each field of the group: `<input>/<n>` holds its indexes or values, `<input>/<n>/offsets` where those of a row begin. */
    readonly fields: readonly ('categorical' | 'multi' | 'numeric')[];
  }[];
  /** Fed as they are. */
  readonly tensors: readonly string[];
  /** Masks, 1 where a value is kept, and what kept ones are scaled by. */
  readonly masks: readonly { readonly input: string; readonly scale: number }[];
}

/** Adds the tile's tensors to `into`, their names after `prefix`. */
export function tileTensors(
  tile: Tile,
  groups: ReadonlyMap<string, FieldGroup>,
  prefix: string,
  into: Map<string, AnyTensor>,
): TileParts {
  const put = (name: string, data: TensorData, shape: readonly number[] = [data.length]): void =>
    void into.set(prefix + name, { data, shape });
  const masks: { readonly input: string; readonly scale: number }[] = [];
  const maskOf = masksOf(tile);
  // Drawn in the order in which a tile is run.
  const mask = (name: string, shape: readonly number[], rate: number): void => {
    const drawn = maskOf!(shape, rate);
    put(
      maskName(name),
      Uint8Array.from(drawn, (value) => (value === 0 ? 0 : 1)),
      shape,
    );
    masks.push({ input: maskName(name), scale: 1 / (1 - rate) });
  };
  const parts = tile.groups.map(({ input, group, leading, rows }) => {
    const layout = groups.get(group)!;
    rows.fields.forEach((field, n) => {
      put(`${input}/${n}`, field.kind === 'numeric' ? field.values : field.indices);
      if (field.kind === 'multi') put(`${input}/${n}/offsets`, field.offsets);
    });
    if (maskOf !== undefined && layout.dropout > 0) mask(input, [...leading, layout.width], layout.dropout);
    return { input, group, leading, fields: rows.fields.map(({ kind }) => kind) };
  });
  for (const { name, shape, rate } of tile.masks ?? []) mask(name, shape, rate);
  for (const [name, { data, shape }] of Object.entries(tile.tensors)) put(name, data, shape);
  return { groups: parts, tensors: Object.keys(tile.tensors), masks };
}

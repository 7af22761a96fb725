// A tile: the piece of a batch that one run of a program takes. Plain data, so it can be posted to a worker.
import type { FieldGroup } from '../models/fields.js';
import { streamFromState } from '../random.js';
import type { CompiledProgram, Tensor } from '../runtime/executor.js';
import { encodeGroup, type Tables } from './encode-group.js';
import type { GroupRows } from './feature-source.js';

export interface TileGroup {
  /** Graph input to feed, e.g. `query.item`. */
  readonly input: string;
  /** Name of the field group that encodes it. */
  readonly group: string;
  /** Leading sizes of the input; the width follows. */
  readonly leading: readonly number[];
  readonly rows: GroupRows;
}

export interface Tile {
  readonly groups: readonly TileGroup[];
  readonly tensors: Readonly<
    Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>
  >;
  /** State of the random stream that draws dropout masks; absent outside training. */
  readonly dropout?: readonly [number, number, number, number];
}

export type TileResult = Readonly<Record<string, Float32Array>>;

/** Encodes a tile's rows, runs the program and, where dropout hid values, hides their gradients too. */
export async function runTile(
  program: CompiledProgram,
  tile: Tile,
  groups: ReadonlyMap<string, FieldGroup>,
  tables: Tables,
  parameters: Readonly<Record<string, Tensor>>,
): Promise<TileResult> {
  const feeds: Record<string, Tensor> = {};
  const masks = new Map<string, Float32Array>();
  const stream = tile.dropout === undefined ? undefined : streamFromState(tile.dropout);
  for (const { input, group, leading, rows } of tile.groups) {
    const layout = groups.get(group)!;
    const data = encodeGroup(layout, rows, tables);
    if (stream !== undefined && layout.dropout > 0) {
      const mask = dropoutMask(data.length, layout.dropout, stream.uniform);
      for (let i = 0; i < data.length; i++) data[i]! *= mask[i]!;
      masks.set(input, mask);
    }
    feeds[input] = { data, shape: [...leading, layout.width] };
  }
  for (const [name, tensor] of Object.entries(tile.tensors)) feeds[name] = tensor;
  for (const name of program.inputs) feeds[name] ??= parameters[name]!;
  const wanted = Object.fromEntries(program.inputs.map((name) => [name, feeds[name]!]));
  const results = await program.run(wanted);
  const found: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(results)) found[name] = tensor.data as Float32Array;
  for (const [input, mask] of masks) {
    const gradient = found[`d.${input}`];
    if (gradient !== undefined) for (let i = 0; i < mask.length; i++) gradient[i]! *= mask[i]!;
  }
  return found;
}

/** 0 with probability `rate`, else 1 / (1 − rate). */
function dropoutMask(length: number, rate: number, uniform: () => number): Float32Array {
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(length);
  for (let i = 0; i < length; i++) mask[i] = uniform() < rate ? 0 : kept;
  return mask;
}

// Runs a program on one tile: encodes its rows, draws dropout masks, feeds all of it.
import type { FieldGroup } from '../../models/contract/fields.js';
import { maskName } from '../../models/layers/dropout.js';
import type { CompiledProgram, Tensor } from '../../runtime/executor.js';
import { encodeGroup, type Tables } from '../features/encode-group.js';
import { gatherRows } from '../features/table-rows.js';
import { masksOf } from './dropout-mask.js';
import type { Tile, TileResult } from './tile.js';

/**
 * Memory for encoded rows by graph input, kept from tile to tile: a fresh array of a megabyte costs as much as filling it.
 * One a thread, used by one run at a time.
 */
interface TileScratch {
  readonly floats: Map<string, Float32Array<ArrayBuffer>>;
  readonly longs: Map<string, BigInt64Array<ArrayBuffer>>;
}

export function tileScratch(): TileScratch {
  return { floats: new Map(), longs: new Map() };
}

const floats = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length);
const longs = (length: number): BigInt64Array<ArrayBuffer> => new BigInt64Array(length);

/** The memory held for an input, grown when it is too small. It holds whatever was there. */
function reserved<A extends Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>>(
  scratch: Map<string, A>,
  input: string,
  length: number,
  make: (length: number) => A,
): A {
  const held = scratch.get(input);
  if (held !== undefined && held.length >= length) return held.subarray(0, length) as A;
  const fresh = make(length);
  scratch.set(input, fresh);
  return fresh;
}

/** The tensor, out of shared memory, which the runtime does not take. */
function unshared(name: string, tensor: Tile['tensors'][string], scratch: TileScratch): Tensor {
  const { data, shape } = tensor;
  if (!(data.buffer instanceof SharedArrayBuffer)) return tensor;
  if (data instanceof Float32Array) {
    const copy = reserved(scratch.floats, name, data.length, floats);
    copy.set(data);
    return { data: copy, shape };
  }
  const copy = reserved(scratch.longs, name, data.length, longs);
  copy.set(data);
  return { data: copy, shape };
}

/** Encodes a tile's rows, draws dropout masks where the program wants them, and runs the program. */
export async function runTile(
  program: CompiledProgram,
  tile: Tile,
  groups: ReadonlyMap<string, FieldGroup>,
  tables: Tables,
  parameters: Readonly<Record<string, Tensor>>,
  scratch: TileScratch,
): Promise<TileResult> {
  const fed: Record<string, Tensor> = {};
  const maskOf = masksOf(tile);
  for (const { input, group, leading, rows } of tile.groups) {
    const layout = groups.get(group)!;
    const shape = [...leading, layout.width];
    const memory = reserved(scratch.floats, input, rows.rows * layout.width, floats);
    fed[input] = { data: encodeGroup(layout, rows, tables, memory), shape };
    if (maskOf !== undefined && layout.dropout > 0)
      fed[maskName(input)] = { data: maskOf(shape, layout.dropout), shape };
  }
  for (const { name, shape, rate } of tile.masks ?? [])
    fed[maskName(name)] = { data: maskOf!(shape, rate), shape };
  for (const [name, { values, rows, size }] of Object.entries(tile.picked ?? {})) {
    const memory = reserved(scratch.floats, name, rows.length * size, floats);
    gatherRows(values, rows, size, memory, size, 0);
    fed[name] = { data: memory, shape: [rows.length, size] };
  }
  for (const [name, tensor] of Object.entries(tile.tensors)) fed[name] = unshared(name, tensor, scratch);
  const feeds = Object.fromEntries(
    program.inputs.map((name): [string, Tensor] => [name, fed[name] ?? parameters[name]!]),
  );
  const results = await program.run(feeds);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

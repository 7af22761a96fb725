// Shared memory for what one batch sends to the workers: handed out piece by piece, taken back all at once.
import type { FieldRows } from '../features/feature-source.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { floatsIn } from '../model-state.js';
import type { Tile } from '../tiles/tile.js';

const START_BYTES = 1 << 20;
/** Pieces start on cache lines. */
const LINE = 64;

export class SharedArena {
  private readonly within: KernelMemory | undefined;
  private memory: Uint8Array<SharedArrayBuffer>;
  private used = 0;

  /** @param within kernel memory that it takes its own from; memory of its own where absent or full */
  constructor(within?: KernelMemory) {
    this.within = within;
    this.memory = this.fresh(START_BYTES);
  }

  /** Takes everything back. Pieces handed out before must not be used any more. */
  reset(): void {
    this.used = 0;
  }

  /** Memory for so many floats, whatever it holds. */
  floats(length: number): Float32Array<SharedArrayBuffer> {
    const at = this.reserve(4 * length);
    return new Float32Array(this.memory.buffer, at, length);
  }

  /** Memory for so many 32-bit integers, whatever it holds. */
  integers(length: number): Int32Array<SharedArrayBuffer> {
    const at = this.reserve(4 * length);
    return new Int32Array(this.memory.buffer, at, length);
  }

  /** The tile with its arrays in this memory, so that posting it to a worker copies none of them. */
  share(tile: Tile): Tile {
    return {
      ...tile,
      groups: tile.groups.map((group) => ({
        ...group,
        rows: { rows: group.rows.rows, fields: group.rows.fields.map((field) => this.field(field)) },
      })),
      tensors: Object.fromEntries(
        Object.entries(tile.tensors).map(([name, { data, shape }]) => [
          name,
          { data: data instanceof Float32Array ? this.copyFloats(data) : this.copyLongs(data), shape },
        ]),
      ),
    };
  }

  /** Where in the buffer of `memory`, which may be another one afterwards, so many bytes are free. */
  private reserve(bytes: number): number {
    if (this.used + bytes > this.memory.byteLength) {
      // Earlier pieces stay in the old memory. In the next round all of them fit into this one, or it grows again.
      this.memory = this.fresh(Math.max(2 * this.memory.byteLength, bytes + LINE));
      this.used = 0;
    }
    const at = this.used;
    this.used = Math.ceil((at + bytes) / LINE) * LINE;
    return this.memory.byteOffset + at;
  }

  private fresh(bytes: number): Uint8Array<SharedArrayBuffer> {
    const floats = floatsIn(this.within, Math.ceil(bytes / 4));
    return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  }

  private field(field: FieldRows): FieldRows {
    switch (field.kind) {
      case 'categorical':
        return { kind: 'categorical', indices: this.copyIntegers(field.indices) };
      case 'multi':
        return {
          kind: 'multi',
          offsets: this.copyIntegers(field.offsets),
          indices: this.copyIntegers(field.indices),
        };
      case 'numeric':
        return { kind: 'numeric', values: this.copyFloats(field.values) };
    }
  }

  private copyFloats(data: Float32Array): Float32Array {
    if (data.buffer instanceof SharedArrayBuffer) return data;
    const copy = this.floats(data.length);
    copy.set(data);
    return copy;
  }

  private copyLongs(data: BigInt64Array): BigInt64Array {
    if (data.buffer instanceof SharedArrayBuffer) return data;
    const at = this.reserve(8 * data.length);
    const copy = new BigInt64Array(this.memory.buffer, at, data.length);
    copy.set(data);
    return copy;
  }

  private copyIntegers(data: Int32Array): Int32Array {
    const copy = this.integers(data.length);
    copy.set(data);
    return copy;
  }
}

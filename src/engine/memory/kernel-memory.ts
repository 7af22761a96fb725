// Memory that threads share with each other and with WebAssembly kernels, which then work on a model's numbers where they lie.
import { InternalError } from '../../errors.js';

/** What we use of a WebAssembly.Memory that is shared. Posting it to a worker copies nothing. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

// Node has it; the types of ours are without those of browsers.
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
};

const PAGE_BYTES = 65_536;
/** All that 32-bit addresses reach. */
export const MAX_PAGES = 65_536;
/** Pieces start on cache lines. */
const LINE_BYTES = 64;
const MAX_LINES = (PAGE_BYTES / LINE_BYTES) * MAX_PAGES;
/** A quarter is for what steps need beside a model's numbers. */
const LINES_OF_NUMBERS = (MAX_LINES / 4) * 3;

/** Floats that another thread finds: by their address and length where they lie in kernel memory, else in shared memory of their own. */
export type Placed = { readonly at: number; readonly length: number } | Float32Array;

/** Handed out piece by piece and taken back as a whole, when nothing refers to it any more. Any thread may ask for a piece. */
export class KernelMemory {
  readonly memory: SharedMemory;
  /** Every buffer object that this thread has seen the memory as: growing gives a new one. */
  private readonly buffers = new WeakSet<object>();
  /** [1], at address 0: lines handed out, the first of which it lies in. */
  private readonly used: Int32Array;

  /** @param memory that of another thread's; a new one when absent */
  constructor(memory?: SharedMemory) {
    this.memory = memory ?? new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    this.used = new Int32Array(this.buffer(), 0, 1);
    if (memory === undefined) this.used[0] = 1;
  }

  /** Zero-filled floats for numbers of a model; undefined where there is no room for so many. */
  floats(length: number): Float32Array<SharedArrayBuffer> | undefined {
    const at = this.reserve(4 * length, LINES_OF_NUMBERS);
    return at === undefined ? undefined : new Float32Array(this.reaching(at + 4 * length), at, length);
  }

  /** The address of so many bytes, zeros. Throws InternalError where there is no room for them. */
  bytes(count: number): number {
    const at = this.reserve(count, MAX_LINES);
    if (at === undefined)
      throw new InternalError(`${count} bytes of a step do not fit beside the model's numbers in 4 GB`);
    return at;
  }

  /** Where one of an array's floats lies, in bytes; undefined where it does not lie in this memory. */
  addressOf(array: Float32Array, index = 0): number | undefined {
    return this.buffers.has(array.buffer) ? array.byteOffset + 4 * index : undefined;
  }

  /** What to post of floats. */
  place(floats: Float32Array): Placed {
    const at = this.addressOf(floats);
    return at === undefined ? floats : { at, length: floats.length };
  }

  /** The floats of which `place` told. */
  find(placed: Placed): Float32Array {
    if (placed instanceof Float32Array) return placed;
    return new Float32Array(this.reaching(placed.at + 4 * placed.length), placed.at, placed.length);
  }

  /** The whole memory. */
  buffer(): SharedArrayBuffer {
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    return buffer;
  }

  /** The memory, which has at least so many bytes. */
  private reaching(bytes: number): SharedArrayBuffer {
    // A thread may not have noticed yet that another has let it grow; to grow by nothing is to look.
    if (this.memory.buffer.byteLength < bytes) this.memory.grow(0);
    return this.buffer();
  }

  private reserve(bytes: number, most: number): number | undefined {
    const lines = Math.ceil(bytes / LINE_BYTES);
    let start = Atomics.load(this.used, 0);
    for (;;) {
      if (start + lines > most) return undefined;
      const seen = Atomics.compareExchange(this.used, 0, start, start + lines);
      if (seen === start) break;
      start = seen;
    }
    return this.grown(LINE_BYTES * (start + lines)) ? LINE_BYTES * start : undefined;
  }

  /** Whether the memory has so many bytes, after it has grown where it had not. */
  private grown(bytes: number): boolean {
    const short = bytes - this.reaching(bytes).byteLength;
    if (short <= 0) return true;
    try {
      this.memory.grow(Math.ceil(short / PAGE_BYTES));
    } catch {
      // Two threads that grow at once may ask for too much together; else the machine has no more.
      return this.reaching(bytes).byteLength >= bytes;
    }
    return true;
  }
}

/** Bytes kept from step to step, and replaced by twice as many where they are too few. */
export class KeptBytes {
  private readonly memory: KernelMemory;
  private at = 0;
  private size = 0;

  constructor(memory: KernelMemory) {
    this.memory = memory;
  }

  /** The address of so many, whatever they hold. */
  atLeast(count: number): number {
    if (count > this.size) {
      this.size = Math.max(count, 2 * this.size);
      this.at = this.memory.bytes(this.size);
    }
    return this.at;
  }
}

// A WebAssembly module of one function over a memory of its own.
import { type Code, unsigned } from './instructions.js';

export interface KernelFunction {
  /** Value types of the parameters, which are the first locals. */
  readonly parameters: readonly number[];
  /** Value types of the locals after them. */
  readonly locals: readonly number[];
  readonly body: Code;
}

export interface Kernel {
  readonly run: (...parameters: number[]) => void;
  /** The memory, grown to so many bytes at least: views of it from before it grew are of no use then. */
  memory(atLeast?: number): ArrayBuffer;
}

// Node has it; the types of ours are without those of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

const PAGE_BYTES = 65_536;

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const listed = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(listed(items))];
const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);

/**
 * Compiles the function with so many bytes of memory. Nothing here rounds otherwise than JavaScript does: both have IEEE doubles, and
 * neither fuses a product with a sum.
 */
export function kernel({ parameters, locals, body }: KernelFunction, bytes: number): Kernel {
  const declared = listed(locals.map((type) => [1, type]));
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [[0x60, ...listed(parameters.map((type) => [type])), 0]]),
      ...section(3, [[0]]),
      ...section(5, [[0, ...unsigned(Math.ceil(bytes / PAGE_BYTES))]]),
      ...section(7, [
        [...name('run'), 0, 0],
        [...name('memory'), 2, 0],
      ]),
      ...section(10, [sized([...declared, ...body, 0x0b])]),
    ]),
  );
  const { run, memory } = new WebAssembly.Instance(module).exports as {
    run: Kernel['run'];
    memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  };
  return {
    run,
    memory(atLeast = 0) {
      const short = atLeast - memory.buffer.byteLength;
      if (short > 0) memory.grow(Math.ceil(short / PAGE_BYTES));
      return memory.buffer;
    },
  };
}

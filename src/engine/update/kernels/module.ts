// A WebAssembly module of one function over kernel memory.
import { type KernelMemory, MAX_PAGES } from '../../memory/kernel-memory.js';
import { type Code, unsigned } from './instructions.js';

interface KernelFunction {
  /** Value types of the parameters, which are the first locals. */
  readonly parameters: readonly number[];
  /** Value types of the locals after them. */
  readonly locals: readonly number[];
  readonly body: Code;
}

/** The function, at work on the memory. Addresses and counts are 32-bit integers without a sign. */
export type Kernel = (...parameters: number[]) => void;

// Node has it; the types of ours are without those of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** Of limits: a maximum is given, and the memory is shared. */
const SHARED_LIMITS = 3;
const OF_MEMORY = 2;

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const listed = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(listed(items))];
const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);

/**
 * Compiles the function to work on the memory. Nothing here rounds otherwise than JavaScript does: both have IEEE doubles, and
 * neither fuses a product with a sum.
 */
export function kernel({ parameters, locals, body }: KernelFunction, { memory }: KernelMemory): Kernel {
  const declared = listed(locals.map((type) => [1, type]));
  const limits = [SHARED_LIMITS, 1, ...unsigned(MAX_PAGES)];
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [[0x60, ...listed(parameters.map((type) => [type])), 0]]),
      ...section(2, [[...name('of'), ...name('memory'), OF_MEMORY, ...limits]]),
      ...section(3, [[0]]),
      ...section(7, [[...name('run'), 0, 0]]),
      ...section(10, [sized([...declared, ...body, 0x0b])]),
    ]),
  );
  const { run } = new WebAssembly.Instance(module, { of: { memory } }).exports as { run: Kernel };
  return run;
}

// The one interface of everything that can run a graph.
import type { Program } from '../graph/onnx/model.js';

export type { Program };

export interface Tensor {
  readonly data: Float32Array | Float64Array | BigInt64Array | readonly string[];
  readonly shape: readonly number[];
}

export type Feeds = Readonly<Record<string, Tensor>>;
export type Results = Record<string, Tensor>;

/** What a graph can run on. Which backend knows which is said in `backends.ts`. */
export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const;
export type Device = (typeof DEVICES)[number];

export interface CompileOptions {
  /** Threads inside one operator. Default 1: parallelism comes from workers over tasks. */
  readonly threads?: number;
  readonly device?: Device;
}

export interface CompiledProgram {
  /** Names of the inputs a run must feed. */
  readonly inputs: readonly string[];
  run(feeds: Feeds): Promise<Results>;
  dispose(): Promise<void>;
}

export interface Executor {
  /** As recorded in a run: `onnxruntime`, `tfjs`, `tfjs-node`. */
  readonly name: string;
  readonly version: string;
  compile(program: Program, options?: CompileOptions): Promise<CompiledProgram>;
}

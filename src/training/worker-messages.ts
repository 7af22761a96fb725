// What the main thread and a tile worker say to each other.
import type { FieldGroup } from '../models/fields.js';
import type { Tile, TileResult } from './tile.js';

export interface WorkerStart {
  /** ONNX bytes and input names of each program. */
  readonly programs: Readonly<
    Record<string, { readonly onnx: Uint8Array; readonly inputs: readonly string[] }>
  >;
  readonly device: 'cpu' | 'cuda' | 'webgpu';
  readonly groups: ReadonlyMap<string, FieldGroup>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Shared memory: updates by the main thread are seen by the workers' next run. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly tables: ReadonlyMap<string, Float32Array>;
}

export interface WorkerRequest {
  readonly program: string;
  readonly tiles: readonly Tile[];
}

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'results'; readonly results: readonly TileResult[] }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };

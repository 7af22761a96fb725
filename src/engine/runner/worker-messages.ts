// What the main thread and a tile worker say to each other.
import type { ErrorParts } from '../../errors.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { Device } from '../../runtime/executor.js';
import type { ProgramKey } from '../programs/program-key.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { Moment, OptimizerSlots } from '../update/optimizer.js';
import type { RowGradients } from '../update/row-sums.js';
import type { TableSide } from '../update/table-update.js';
import type { RowShare } from '../update/touched-rows.js';

export interface WorkerStart {
  /** ONNX bytes and input names of each program. */
  readonly programs: readonly {
    readonly key: ProgramKey;
    readonly onnx: Uint8Array;
    readonly inputs: readonly string[];
  }[];
  readonly device: Device;
  readonly groups: ReadonlyMap<string, FieldGroup>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Shared memory: what one thread updates is seen by the others' next run. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly tables: ReadonlyMap<string, Float32Array>;
  readonly side: TableSide;
  /** The rows of every table that this worker updates. */
  readonly share: RowShare;
}

/** Tiles in shared memory, the same ones for all workers: each takes the next one that nobody has taken. */
export interface SharedTiles {
  readonly tiles: readonly Tile[];
  /** [1] number of tiles taken so far. */
  readonly taken: Int32Array;
}

export type WorkerRequest =
  | ({ readonly kind: 'run'; readonly program: ProgramKey } & SharedTiles)
  /** All tiles of an outer step. */
  | ({
      readonly kind: 'train';
      /** Shared memory that the gradients by encoded rows are written to, an entry a tile. */
      readonly gradients: readonly RowGradients[];
      /** The same for the gradients of dense parameters, by output: answered as messages they would be copied twice. */
      readonly dense: readonly Readonly<Record<string, Float32Array>>[];
    } & SharedTiles)
  /** To update the worker's share of the tables by the last `train`, when all workers are through with it. */
  | {
      readonly kind: 'update';
      /** Left out where they are those of the update before. */
      readonly slots?: ReadonlyMap<string, OptimizerSlots>;
      readonly moment: Moment;
    };

export type WorkerReply =
  | { readonly kind: 'ready' }
  /** Results of the tiles at `places`, which this worker took. */
  | { readonly kind: 'results'; readonly places: readonly number[]; readonly results: readonly TileResult[] }
  | { readonly kind: 'updated' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined }
  /** The parts of a UserError: as an Error it would arrive without its family, code and advice. */
  | { readonly kind: 'refused'; readonly parts: ErrorParts };

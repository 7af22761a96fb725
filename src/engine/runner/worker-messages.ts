// What the main thread and a tile worker say to each other.
import type { ErrorParts } from '../../errors.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { Device } from '../../runtime/executor.js';
import type { Placed, SharedMemory } from '../memory/kernel-memory.js';
import type { ProgramKey } from '../programs/program-key.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { Moment } from '../update/optimizer.js';
import type { Learning, UpdateSide } from '../update/outer-update.js';
import type { StepParty } from '../update/step-party.js';
import type { Meeting } from './meeting.js';

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
  /** Where numbers, slots and results may lie; absent where none do. */
  readonly memory: SharedMemory | undefined;
  /** Shared memory: what one thread updates is seen by the others' next run. */
  readonly parameters: ReadonlyMap<string, Placed>;
  readonly tables: ReadonlyMap<string, Placed>;
  readonly side: UpdateSide;
  readonly meeting: Meeting;
  /** The worker's place among those who take a step together; in shared memory. */
  readonly party: Omit<StepParty, 'meet'>;
}

/** Tiles in shared memory, the same ones for all workers: each takes the next one that nobody has taken. */
export interface SharedTiles {
  readonly tiles: readonly Tile[];
  /** [1] number of tiles taken so far. */
  readonly taken: Int32Array;
}

/** The tiles of a step, and shared memory that their outputs are written to: answered as messages they would be copied twice. */
interface LaidOutStep extends SharedTiles {
  /** By name, an entry a tile. */
  readonly results: readonly Readonly<Record<string, Placed>>[];
}

export type WorkerRequest =
  | ({ readonly kind: 'run'; readonly program: ProgramKey } & SharedTiles)
  /** A whole outer step. The next one may be asked for before it is answered. */
  | {
      readonly kind: 'step';
      /** Which of the layouts that are in use in turn. */
      readonly place: number;
      /** Left out where it is what it was: other numbers lie in the same places. */
      readonly laidOut?: LaidOutStep;
      /** States of the tiles' dropout, which may be other ones then. */
      readonly dropout: readonly Tile['dropout'][];
      /** Left out where it is that of the step before. */
      readonly learning?: PlacedLearning;
      readonly moment: Moment;
    };

export interface PlacedLearning extends Omit<Learning, 'slots'> {
  readonly slots: ReadonlyMap<string, readonly Placed[]>;
}

export type WorkerReply =
  | { readonly kind: 'ready' }
  /** Results of the tiles at `places`, which this worker took. */
  | { readonly kind: 'results'; readonly places: readonly number[]; readonly results: readonly TileResult[] }
  /** The step is taken, by all, which the first worker alone says; or, if a loss is not finite, nothing was touched and no other will be. */
  | { readonly kind: 'stepped' }
  /** Nothing came of it: a step before had a loss that was not finite, another worker failed, or the process is being left. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined }
  /** The parts of a UserError: as an Error it would arrive without its family, code and advice. */
  | { readonly kind: 'refused'; readonly parts: ErrorParts };

/** What is said to the so manieth thing that was asked for; 0 is to be ready. */
export interface NumberedReply {
  readonly number: number;
  readonly reply: WorkerReply;
}

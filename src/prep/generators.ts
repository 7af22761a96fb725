// Generators of raw files, for data sets that are made and not read.
import type { Progress } from '../progress.js';
import { syntheticGenerator } from '../synthetic/generator.js';

export interface GeneratorRequest {
  /** Empty folder to write the raw files into; `events.files` and `tables.*.files` are found in it. */
  readonly directory: string;
  readonly seed: number;
  /** `generated.options` of the descriptor; the generator checks them with its own schema. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
}

export interface Generator {
  /** Raised whenever the same options and seed would give other files. */
  readonly version: number;
  generate(request: GeneratorRequest): Promise<void>;
}

/** By the name in `generated.by`. */
export const generators: Readonly<Record<string, Generator>> = { synthetic: syntheticGenerator };

// The synthetic data set as prep asks for it: options from the descriptor, raw files into a folder.

import { z } from 'zod';
import { UserError, UserErrors } from '../errors.js';
import type { Progress } from '../progress.js';
import { syntheticOptionsSchema } from './options.js';
import { plantWorld } from './world.js';
import { SYNTHETIC_FILES, writeSynthetic } from './write.js';

interface GeneratorRequest {
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

/** `generated.options` of a descriptor: sizes and strengths, and how the files are written. */
const syntheticRequestSchema = syntheticOptionsSchema.extend({
  format: z.enum(['csv', 'parquet']).default(SYNTHETIC_FILES.format),
  rowsPerFile: z.number().int().min(1).default(SYNTHETIC_FILES.rowsPerFile),
  truth: z.boolean().default(SYNTHETIC_FILES.truth),
});

/** Throws `UserErrors` (SYNTHETIC_OPTIONS) for options that are unknown or out of range. */
export const syntheticGenerator: Generator = {
  version: 1,
  generate: async ({ directory, seed, options, progress }) => {
    const parsed = syntheticRequestSchema.safeParse(options);
    if (!parsed.success)
      throw new UserErrors(
        parsed.error.issues.map(
          (issue) =>
            new UserError({
              code: 'SYNTHETIC_OPTIONS',
              where: ['generated.options', ...issue.path.map(String)].join('.'),
              what: issue.message,
              next: `Options of the synthetic log: ${Object.keys(syntheticRequestSchema.shape).join(', ')}.`,
            }),
        ),
      );
    const { format, rowsPerFile, truth, ...world } = parsed.data;
    await writeSynthetic(directory, plantWorld(world, seed), { format, rowsPerFile, truth }, progress);
  },
};

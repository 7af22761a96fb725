// The synthetic data set as prep asks for it: options from the descriptor, raw files into a folder.

import { z } from 'zod';
import { UserError, UserErrors } from '../errors.js';
import type { Generator } from '../prep/generators.js';
import { syntheticOptionsSchema } from './options.js';
import { plantWorld } from './world.js';
import { SYNTHETIC_FILES, writeSynthetic } from './write.js';

/** `generated.options` of a descriptor: sizes and strengths, and how the files are written. */
export const syntheticRequestSchema = syntheticOptionsSchema.extend({
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

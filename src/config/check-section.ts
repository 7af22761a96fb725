// The `check` section of a recipe: how the regression run trains it.
import { z } from 'zod';

export const checkSchema = z.strictObject({
  seeds: z
    .array(z.int().min(0))
    .min(2)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'each seed once')
    .optional()
    .describe('seeds that limaml check trains; those of the recipe, or 1, 2 and 3, unless they are given'),
  referenceSeeds: z
    .int()
    .min(3)
    .max(200)
    .default(10)
    .describe('how many seeds --update trains, to measure the spread'),
  regression: z
    .number()
    .positive()
    .default(0.005)
    .describe('worsening of a metric that the check must catch'),
  tolerance: z
    .number()
    .min(0)
    .default(0.001)
    .describe('worsening that is let pass, however sure: too small to matter'),
  set: z.array(z.string()).default([]).describe('overrides that make the check smaller, as for --set'),
});

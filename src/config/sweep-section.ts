// The `sweep` section of a recipe: which keys `limaml sweep` tries, with which values, and what each model may spend on it.
import { z } from 'zod';

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, 'a range is [low, high], low below high');

const valuesOf = z.union(
  [
    z.array(z.unknown()).min(1),
    z.strictObject({ uniform: range }),
    z.strictObject({ log: range.refine(([low]) => low > 0, 'a logarithmic range lies above 0') }),
    z.strictObject({ int: range.refine((ends) => ends.every(Number.isInteger), 'whole numbers') }),
  ],
  'a list of values, or { uniform: [low, high] }, { log: [low, high] }, { int: [low, high] }',
);

/** What may stand for one key. */
export type SweptValues = z.output<typeof valuesOf>;

const space = z.record(z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'a dotted key of the recipe'), valuesOf);

/** Values by dotted key. */
export type SweptSpace = z.output<typeof space>;

export const sweepSchema = z.strictObject({
  method: z
    .enum(['random', 'grid', 'halving'])
    .default('random')
    .describe('random draws, every combination, or random draws of which the better ones get more epochs'),
  trials: z
    .int()
    .min(1)
    .max(10_000)
    .default(12)
    .describe('trials of each model; the first is the recipe as it stands'),
  seed: z.int().min(0).default(1).describe('fixes what is drawn; trainings keep the seed of the recipe'),
  space: space.default({}).describe('values by key, tried for every model'),
  models: z
    .record(z.string(), space)
    .default({})
    .describe('values by key, of one model each; a model that is named here takes part'),
  eta: z
    .int()
    .min(2)
    .max(10)
    .default(3)
    .describe('halving: one of so many goes on, with so many times the epochs'),
  firstEpochs: z.int().min(1).default(3).describe('halving: epochs of the first rung'),
});

export type SweepConfig = z.output<typeof sweepSchema>;

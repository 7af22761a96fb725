// The `results` section of a recipe: under which protocols `limaml results` judges it, and beside which variants of itself.
import { z } from 'zod';
import { refreshes, retrains } from '../evaluation/config/replay-config.js';

const LEARNED = /^(model|training|features)(\.[^.\s]+)+$/;

const variants = z.record(
  z.string().min(1),
  z
    .record(z.string(), z.unknown())
    .refine(
      (values) => Object.keys(values).every((key) => LEARNED.test(key)),
      'values stand by dotted keys under model, training or features',
    ),
);

/** Values by dotted key, by the name of the variant. */
export type Variants = z.output<typeof variants>;

export const resultsSchema = z.strictObject({
  refresh: z
    .array(refreshes)
    .max(20)
    .default(['1d', 'event'])
    .describe('refreshes of the vectors that it is judged under, beside frozen ones'),
  retrain: retrains
    .default('none')
    .describe(
      'one protocol more: the baselines are trained again so often, the model is refreshed as often and never trained again',
    ),
  retrained: z
    .array(z.string())
    .optional()
    .describe('baselines of that protocol; all of them unless they are named'),
  variants: variants
    .optional()
    .describe(
      'the recipe with other values, each trained and shown beside it; unless any are given, of limaml two placebos (support labels shuffled within members, and across) and k = 0 (no inner steps)',
    ),
});

export type ResultsSection = z.output<typeof resultsSchema>;

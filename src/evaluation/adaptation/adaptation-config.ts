// The `evaluation.adaptation` section of a recipe: which curves show what adaptation buys, and on how much of the data.
import { z } from 'zod';

const rising = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > values[i - 1]!);

export const adaptationConfig = z.strictObject({
  /** Support rows of the support-size curve; those past the model's own maximum are left out, the maximum is always there. */
  supportSizes: z
    .array(z.number().int().min(0))
    .max(20)
    .refine(rising, 'must rise')
    .default([0, 1, 2, 5, 10, 20, 50]),
  /** Days that the support ends before an entity's first scored row, at least; 0 is always there. */
  staleDays: z.array(z.number().positive()).max(20).refine(rising, 'must rise').default([1, 7, 30]),
  /** Past this many entities, or this many of their rows in all, the curves are those of a seeded sample of entities. */
  maxEntities: z.number().int().min(20).default(5000),
  maxRows: z.number().int().min(1000).default(400_000),
  /** Most entities on the map of meta embeddings. */
  mapEntities: z.number().int().min(10).max(20_000).default(2000),
});

export type AdaptationConfig = z.output<typeof adaptationConfig>;

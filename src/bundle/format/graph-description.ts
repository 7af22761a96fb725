// What a graph takes and gives, in words that a serving engineer can work from.
import { z } from 'zod';

const tensorSchema = z.object({
  name: z.string(),
  dtype: z.enum(['float32', 'float64', 'int64', 'string']),
  /** Sizes, or names of sizes that stay open. */
  shape: z.array(z.union([z.string(), z.number()])).readonly(),
  meaning: z.string(),
});

export const graphSchema = z.object({
  file: z.string(),
  inputs: z.array(tensorSchema).readonly(),
  outputs: z.array(tensorSchema).readonly(),
});

export type TensorDescription = Readonly<z.output<typeof tensorSchema>>;
export type GraphDescription = Readonly<z.output<typeof graphSchema>>;

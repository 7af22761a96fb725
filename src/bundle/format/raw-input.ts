// The raw values that the graphs of a bundle read.
import { z } from 'zod';
import { featureSchema } from '../../prepared/manifest.js';

/** One raw value a row brings. Its name is that of the ONNX input, the CSV column and the column of a table. */
export const rawInputSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  side: z.enum(['entity', 'item', 'event']),
  /** What it holds: an ID, a category, several categories, or a number. */
  kind: z.enum(['id', 'category', 'categories', 'number']),
  /** Absent for IDs. */
  spec: featureSchema.optional(),
});

export type RawInput = Readonly<z.output<typeof rawInputSchema>>;
export type RawKind = RawInput['kind'];

/** Features among the inputs that are kept with each support row. */
export const eventFeatures = (inputs: readonly RawInput[]): readonly RawInput[] =>
  inputs.filter(({ side }) => side === 'event');

/** Features among the inputs that an entity or an item has of its own, each once. */
export const sideFeatures = (inputs: readonly RawInput[], side: 'entity' | 'item'): readonly RawInput[] => [
  ...new Map(
    inputs.filter((input) => input.side === side && input.kind !== 'id').map((input) => [input.name, input]),
  ).values(),
];

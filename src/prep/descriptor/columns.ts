// What the columns of the log mean: entity, item, time and label.
import { z } from 'zod';

const column = z.string().min(1);
const scalarText = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** `sourceOrder` is for logs without a clock: the order of rows stands for time, and no leak over time can be ruled out. */
const timestampSchema = z.union([
  z
    .strictObject({
      column,
      unit: z.enum(['s', 'ms', 'us', 'ns', 'iso', 'format']).default('s'),
      /** strptime pattern for `unit: format`, e.g. `%y%m%d%H`; times without a zone are UTC. */
      format: z.string().min(1).optional(),
    })
    .refine((time) => (time.unit === 'format') === (time.format !== undefined), {
      message: 'format and "unit: format" need each other',
    }),
  z.strictObject({ sourceOrder: z.literal(true) }),
]);

/** Negatives for a log that holds positives only. */
const implicitSchema = z.strictObject({
  perPositive: z.number().int().min(1).max(100).default(4),
  /** `popularity`: by training rows to the power 0.75; `uniform`: every item seen so far alike. */
  by: z.enum(['popularity', 'uniform']).default('popularity'),
  seed: z.number().int().min(0).default(1),
});

const labelSchema = z.discriminatedUnion('kind', [
  /** 1 when the number is at least `threshold`; `range` declares what may occur. */
  z.strictObject({
    kind: z.literal('threshold'),
    column,
    threshold: z.number(),
    range: z.tuple([z.number(), z.number()]).optional(),
  }),
  /** Named values; what is in neither list is an error unless `otherwise` says what it is. */
  z.strictObject({
    kind: z.literal('values'),
    column,
    positive: z.array(scalarText).nonempty(),
    negative: z.array(scalarText).default([]),
    otherwise: z.enum(['error', 'negative', 'drop']).default('error'),
  }),
  /** Ready labels: 0/1 or true/false. */
  z.strictObject({ kind: z.literal('binary'), column }),
  /** A row stands for `total` exposures of which `positives` were clicked, and is repeated accordingly. */
  z.strictObject({ kind: z.literal('counts'), positives: column, total: column }),
  /** Every row is a positive; negatives are sampled from items that the entity never meets in the log. */
  z.strictObject({ kind: z.literal('implicit'), negatives: implicitSchema.prefault({}) }),
]);

export const columnsSchema = z.strictObject({
  /** One column, or several whose combination is the entity (for example member × surface). */
  entity: z.union([column, z.array(column).nonempty()]),
  item: z.union([column, z.array(column).nonempty()]),
  timestamp: timestampSchema,
  label: labelSchema,
  /** `whole`: IDs are whole numbers, and `3.0`, as tables with gaps write it, is `3`; of one side alone: `{ entity: whole }`. */
  ids: z
    .union([
      z.literal('whole'),
      z.strictObject({ entity: z.literal('whole').optional(), item: z.literal('whole').optional() }),
    ])
    .optional(),
  /** True probability of a click, known for synthetic data only. */
  truth: column.optional(),
});

export type TimestampDescriptor = z.output<typeof timestampSchema>;
export type LabelDescriptor = z.output<typeof labelSchema>;
export type ImplicitDescriptor = z.output<typeof implicitSchema>;
export type ColumnsDescriptor = z.output<typeof columnsSchema>;

// `datasets/<name>.yaml`: one small file that says where a log lies, what its columns mean and how it is split.
import { z } from 'zod';
import { columnsSchema } from './columns.js';
import { featureSchema } from './features.js';
import { eventsSchema, tableSchema } from './source.js';
import { splitSchema } from './split.js';

const parts = {
  events: eventsSchema,
  /** Side tables by name, joined on the entity, the item or a column of the events. */
  tables: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), tableSchema),
  columns: columnsSchema,
  features: z.array(featureSchema),
} as const;

/** Another arrangement of the same data; what it leaves out is taken from the descriptor itself. */
const layoutSchema = z.strictObject({
  name: z.string().min(1),
  events: parts.events,
  tables: parts.tables.optional(),
  columns: parts.columns.optional(),
  features: parts.features.optional(),
});

export const descriptorSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/, 'a data set name is lower-case letters, digits, dots, dashes'),
  title: z.string().optional(),
  /** What may be done with the data. A log of one's own needs neither this nor a source. */
  licence: z.string().min(1).default('unknown'),
  /** Where a person gets the data. */
  source: z
    .strictObject({
      url: z.string().optional(),
      note: z.string().optional(),
      cite: z.string().optional(),
    })
    .prefault({}),
  /** Sub-folder of the data folder that usually holds the files, as its publisher names it. */
  data: z.string().optional(),
  /** Data that is made, not read: the generator's raw files are then read like any other. */
  generated: z
    .strictObject({
      by: z.string().min(1),
      seed: z.number().int().min(0).default(1),
      options: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
  /** Arrangements tried in order; the first whose event files are there is used. */
  layouts: z.array(layoutSchema).nonempty().optional(),
  events: parts.events.optional(),
  tables: parts.tables.default({}),
  columns: parts.columns.optional(),
  features: parts.features.default([]),
  /**
   * Rows that agree in entity, item, time and label: `drop` keeps the first, `keep` keeps all, `error` stops the run where
   * copies lie in different splits.
   */
  duplicates: z.enum(['drop', 'keep', 'error']).default('error'),
  /** What a row that cannot be read does: stop the run, or go to `rejects.csv`. `--on-error` overrides it. */
  onError: z.enum(['stop', 'reject']).optional(),
  split: splitSchema.prefault({}),
});

/** A descriptor as parsed: every default filled in. */
export type DatasetDescriptor = z.output<typeof descriptorSchema>;
export type LayoutDescriptor = z.output<typeof layoutSchema>;

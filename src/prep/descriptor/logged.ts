// As much of a descriptor as tells how rows of the log are read, outside of prep too; another program's may know less.
import { z } from 'zod';
import { columnsSchema } from './columns.js';
import { featureSchema } from './features.js';
import { eventsSchema, tableSchema } from './source.js';

export const loggedSchema = z.object({
  /** Absent: what the log's own columns are is not known. */
  columns: columnsSchema.optional(),
  events: eventsSchema.optional(),
  tables: z.record(z.string(), tableSchema).default({}),
  features: z.array(featureSchema).default([]),
  duplicates: z.enum(['drop', 'keep', 'error']).default('error'),
});

export type LoggedDescriptor = Readonly<z.output<typeof loggedSchema>>;

/** What a descriptor of a prepared data set says of its log, and what of it could not be understood. */
export function loggedDescriptor(descriptor: unknown): {
  readonly logged: LoggedDescriptor;
  readonly faults: readonly string[];
} {
  const parsed = loggedSchema.safeParse(descriptor ?? {});
  if (parsed.success) return { logged: parsed.data, faults: [] };
  return {
    logged: loggedSchema.parse({}),
    faults: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'descriptor'}: ${message}`),
  };
}

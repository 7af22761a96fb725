// Where rows come from: files, dialect and encoding of the events or of a side table.
import { z } from 'zod';
import { ENCODINGS } from './encodings.js';

const fileList = z.union([z.string().min(1), z.array(z.string().min(1)).nonempty()]);
const scalarText = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** Rows to keep: every stated condition must hold. Compared as text by `in`/`notIn`, as a number by `min`/`max`. */
const filterSchema = z
  .strictObject({
    column: z.string().min(1),
    in: z.array(scalarText).nonempty().optional(),
    notIn: z.array(scalarText).nonempty().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine((filter) => filter.in ?? filter.notIn ?? filter.min ?? filter.max !== undefined, {
    message: 'a filter needs one of in, notIn, min, max',
  });

const sourceFields = {
  format: z.enum(['csv', 'parquet', 'jsonl']).default('csv'),
  /** One or more characters between fields; CSV only, as are the next seven. */
  delimiter: z.string().min(1).default(','),
  /** The quoting character, or `none` where quotes are ordinary text. */
  quote: z.union([z.literal('none'), z.string().length(1)]).default('"'),
  /** What stands before a quote inside a quoted field; the quote itself by default. */
  escape: z.string().length(1).optional(),
  /** Whether the first line names the columns. */
  header: z.boolean().default(true),
  /** Column names in file order where there is no header. */
  columns: z.array(z.string().min(1)).nonempty().optional(),
  /** Lines before the header (or the first row) that are no part of the table. */
  skip: z.number().int().min(0).optional(),
  /** Lines that begin with this are no rows. */
  comment: z.string().min(1).max(8).optional(),
  /** `utf-16` follows its byte-order mark, and is little-endian without one. */
  encoding: z.enum(ENCODINGS).default('utf-8'),
  /** Texts that mean "no value", compared after trimming. */
  missing: z.array(scalarText).default(['']),
  /** Rows to keep; the others are counted as filtered. */
  where: z.array(filterSchema).default([]),
} as const;

/** Files may be globs relative to the data directory; `.gz` and `.zst` are unpacked on the way. */
export const tableSchema = z.strictObject({
  files: fileList,
  ...sourceFields,
  /** Column of this table that names the row. */
  key: z.string().min(1),
  /** What the key is matched with: the entity, the item, or a column of the events. */
  on: z.string().min(1),
  /** What to do where a key occurs more than once. */
  duplicates: z.enum(['error', 'first', 'last']).default('error'),
});

export const eventsSchema = z.strictObject({
  /** Files of the log, or one list for each part of a split that is given. */
  files: z.union([fileList, z.strictObject({ train: fileList, valid: fileList, test: fileList })]),
  ...sourceFields,
});

export type FilterDescriptor = z.output<typeof filterSchema>;
export type TableDescriptor = z.output<typeof tableSchema>;
export type EventsDescriptor = z.output<typeof eventsSchema>;
/** What a reader needs to know of either. */
export type SourceDescriptor = Omit<EventsDescriptor, 'files'>;

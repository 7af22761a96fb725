// Features of a data set: where a value is read, how it is cleaned and how it is encoded.
import { z } from 'zod';
import { EVENT_COLUMNS } from '../../prepared/format.js';

const scalarText = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** Names become column names of the prepared Parquet files and input names of the exported graphs. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'a feature name is lower-case letters, digits and underscores')
  .refine((text) => !EVENT_COLUMNS.includes(text), {
    message: 'this name is taken by a column of the events',
  });

const common = {
  name,
  side: z.enum(['entity', 'item', 'event']),
  /** Side table to read from; by default the only table of that side, or the events for event features. `events` reads the
   * value of the entity's (item's) first event, which every later event may know. */
  from: z.string().min(1).optional(),
  /** Column to read; the feature's name by default. */
  column: z.string().min(1).optional(),
  /** More texts that mean "no value" in this column. */
  missing: z.array(scalarText).default([]),
} as const;

/** Whether a regular expression has a group that is kept: a parenthesis that is no text, in no class of characters, and not `(?:`. */
const hasGroup = (pattern: string): boolean =>
  /\((?!\?(?!P?<[A-Za-z_]))/.test(pattern.replace(/\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, ''));

const cleaning = {
  /** Regular expression whose first group is the value; no match is a missing value. */
  pattern: z
    .string()
    .min(1)
    .refine(hasGroup, 'a pattern needs a group in parentheses, whose match is what is taken')
    .optional(),
  /** Keep only the first so many characters (of a postal code, for example). */
  prefix: z.number().int().min(1).optional(),
} as const;

const mark = z.string().length(1);
/** How people write a number: `1.234,50 €` has `{ decimal: ",", thousands: ".", currency: "€" }`. */
const written = z
  .strictObject({
    decimal: mark.default('.'),
    thousands: mark.optional(),
    /** Text before or after the number that is no part of it. */
    currency: z.string().min(1).optional(),
  })
  .refine(({ decimal, thousands }) => decimal !== thousands, {
    message: 'decimal and thousands must differ',
  })
  .optional();

/** Values in fewer training rows (events) or training entities/items (side tables) than this become unknown. */
const minCount = z.number().int().min(1).default(1);
const log = z.boolean().default(false);
const standardise = z.boolean().default(true);
/** Quantile buckets instead of a number: the feature becomes categorical. */
const buckets = z.number().int().min(2).max(1000).optional();

/** What the log itself held strictly before the event. */
export const historySchema = z.strictObject({
  kind: z.literal('history'),
  name,
  side: z.literal('event').default('event'),
  of: z.enum(['entity', 'item']),
  /** Events, clicks, click rate, or days since the last event. */
  statistic: z.enum(['count', 'clicks', 'rate', 'days_since_last']),
  /** Only so many days back; the whole past by default. */
  days: z.number().positive().optional(),
  /** Minutes before the event in which outcomes are not known yet. */
  delayMinutes: z.number().min(0).default(0),
  /** For a rate: this many imaginary events at the training click rate. */
  shrinkage: z.number().min(0).default(10),
  log,
  standardise,
  buckets,
});

export const featureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('categorical'), ...common, ...cleaning, minCount }),
  z.strictObject({
    kind: z.literal('multi'),
    ...common,
    separator: z.string().min(1).default('|'),
    /** Columns of 0/1 flags instead of one text; the value is the column's name. */
    flags: z.array(z.string().min(1)).nonempty().optional(),
    /** Keep at most this many values, in their order. */
    max: z.number().int().min(1).default(100),
    minCount,
  }),
  z.strictObject({ kind: z.literal('numeric'), ...common, ...cleaning, written, log, standardise, buckets }),
  /** A part of the event's own time, as a category. */
  z.strictObject({
    kind: z.literal('time'),
    name,
    side: z.literal('event').default('event'),
    part: z.enum(['hour', 'weekday', 'hour_of_week', 'month']),
    /** Minutes to add to UTC before reading the clock. */
    utcOffsetMinutes: z.number().int().default(0),
  }),
  /** Days from a date in a side table to the event; before that date counts as 0. */
  z.strictObject({
    kind: z.literal('elapsed'),
    name,
    side: z.literal('event').default('event'),
    from: z.string().min(1),
    column: z.string().min(1),
    unit: z.enum(['s', 'ms', 'us', 'ns', 'iso']).default('iso'),
    log,
    standardise,
    buckets,
  }),
  historySchema,
]);

export type FeatureDescriptor = z.output<typeof featureSchema>;
type FeatureKind = FeatureDescriptor['kind'];
export type FeatureOf<K extends FeatureKind> = Extract<FeatureDescriptor, { kind: K }>;

/** Features whose value comes from a column, as opposed to the clock or the log's past. */
export type ReadFeature = FeatureOf<'categorical' | 'multi' | 'numeric' | 'elapsed'>;

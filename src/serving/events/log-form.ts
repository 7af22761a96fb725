// How new events are read when they come as the raw log has them: by the descriptor that prep read the log by.
import { z } from 'zod';
import { ident } from '../../database/sql.js';
import type { RawInput } from '../../export/graphs/raw-input.js';
import { type ColumnsDescriptor, columnsSchema } from '../../prep/descriptor/columns.js';
import { type FeatureDescriptor, featureSchema } from '../../prep/descriptor/features.js';
import type { ResolvedFeature } from '../../prep/descriptor/resolve.js';
import { eventsSchema, type SourceDescriptor } from '../../prep/descriptor/source.js';
import { splitSchema } from '../../prep/descriptor/split.js';
import { timeSql } from '../../prep/encode/derive-events.js';
import { planEvents } from '../../prep/load/event-plan.js';
import { featureColumnName } from '../../prep/load/feature-column.js';
import type { LoadPlan } from '../../prep/load/plan.js';

export interface LogForm {
  readonly plan: LoadPlan;
  /** Dialect of the log, with the format that the new events have. */
  readonly source: SourceDescriptor;
  /** Over the loaded table `loaded`: entity, item, timestamp_ms, label and event features in source order, as raw text or numbers. */
  readonly select: string;
  /** Columns of the file, and the one that holds the log's time. */
  readonly names: readonly string[];
  readonly timeColumn: string;
  /** Whether rows that agree in entity, item and time are several events. */
  readonly repeats: boolean;
}

const knownSchema = z.looseObject({
  columns: columnsSchema,
  events: eventsSchema.default(eventsSchema.parse({ files: 'events' })),
  features: z.array(featureSchema).default([]),
  duplicates: z.string().optional(),
});

/**
 * The form of the log that `descriptor` describes, for a file whose columns `namesOf` finds; `inputs` are the event
 * features wanted.
 * Undefined where the descriptor does not say what the columns are, or where the log has no clock: the order of rows means nothing
 * outside of it.
 */
export async function logForm(
  descriptor: unknown,
  inputs: readonly RawInput[],
  format: SourceDescriptor['format'] | undefined,
  namesOf: (source: SourceDescriptor) => Promise<readonly string[]>,
): Promise<LogForm | undefined> {
  const known = knownSchema.safeParse(descriptor);
  if (!known.success) return undefined;
  const { events, columns, features, duplicates } = known.data;
  const { timestamp, label } = columns;
  if ('sourceOrder' in timestamp) return undefined;
  const unpacked = events.format === 'parquet' ? 'csv' : events.format;
  const source = { ...events, format: format ?? unpacked };
  const names = await namesOf(source);
  const wanted = inputs.map((input) =>
    wantedFeature(
      input,
      features.find(({ name }) => name === input.name),
    ),
  );
  const plan = planEvents(
    {
      name: 'events',
      layout: undefined,
      generated: undefined,
      events: source,
      tables: {},
      columns: {
        entity: idColumn('entity', columns.entity, names),
        item: idColumn('item', columns.item, names),
        timestamp,
        // What prep sampled as negatives is in no log: new rows must say themselves what was no click.
        label: label.kind === 'implicit' ? { kind: 'binary', column: 'label' } : label,
      },
      features: wanted.filter(({ kind }) => kind !== 'time'),
      duplicates: 'keep',
      split: splitSchema.parse({}),
    },
    undefined,
  );
  const counts = label.kind === 'counts';
  return {
    plan,
    source,
    select: selectEvents(wanted, counts),
    names,
    timeColumn: timestamp.column,
    repeats: counts || duplicates === 'keep',
  };
}

function selectEvents(features: readonly ResolvedFeature[], counts: boolean): string {
  const label = counts ? 'CAST(c.copy < s.label AS INTEGER)' : 's.label';
  const values = features.map(
    (feature) =>
      `${feature.kind === 'time' ? timeSql(feature) : `s.${ident(featureColumnName(feature))}`} AS ${ident(feature.name)}`,
  );
  return `SELECT ${['s.entity', 's.item', 's.ts AS timestamp_ms', `${label} AS label`, ...values].join(', ')}
    FROM loaded s${counts ? ', LATERAL (SELECT unnest(range(s.total)) AS copy) c' : ''}
    WHERE s.fault = 0 ORDER BY s.rowid${counts ? ', c.copy' : ''}`;
}

/** The log's column or columns of an ID, or one of the plain name where the log's are not there. */
function idColumn(
  side: 'entity' | 'item',
  logged: ColumnsDescriptor['entity'],
  names: readonly string[],
): ColumnsDescriptor['entity'] {
  return [logged].flat().every((name) => names.includes(name)) || !names.includes(side) ? logged : side;
}

/**
 * Where a feature is read: as the log was, where it is in the log's rows; from the clock; else (its past, what a side table says)
 * from a column of its own name, which the new events must bring.
 */
function wantedFeature({ name, kind }: RawInput, feature: FeatureDescriptor | undefined): ResolvedFeature {
  if (feature?.kind === 'time') return feature;
  const inRows = feature !== undefined && feature.kind !== 'history' && feature.kind !== 'elapsed';
  if (inRows && (feature.from ?? 'events') === 'events') return { ...feature, from: 'events' };
  const read = { side: 'event' as const, from: 'events', missing: [] };
  if (kind === 'number') return { ...read, name, kind: 'numeric', log: false, standardise: true };
  if (kind === 'categories')
    return { ...read, name, kind: 'multi', separator: '|', max: 100, minCount: 1, ...separation(feature) };
  return { ...read, name, kind: 'categorical', minCount: 1 };
}

const separation = (feature: FeatureDescriptor | undefined): { separator: string; max: number } | object =>
  feature?.kind === 'multi' ? { separator: feature.separator, max: feature.max } : {};

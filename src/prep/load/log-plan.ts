// How new rows of a log are read: by the descriptor that prep read the log by, or in plain columns of known names.
import type { NumericTransform } from '../../prepared/manifest.js';
import type { RawColumn } from '../../prepared/raw-column.js';
import type { ColumnsDescriptor } from '../descriptor/columns.js';
import type { FeatureDescriptor } from '../descriptor/features.js';
import type { LoggedDescriptor } from '../descriptor/logged.js';
import type { ResolvedDescriptor, ResolvedFeature } from '../descriptor/resolve.js';
import { eventsSchema, type SourceDescriptor } from '../descriptor/source.js';
import { splitSchema } from '../descriptor/split.js';
import { planEvents } from './event-plan.js';
import { farFaults } from './far-numbers.js';
import { featureColumnName } from './feature-column.js';
import { isWhole } from './ids.js';
import type { LoadPlan } from './plan.js';

/** A feature that is wanted of each event, and the kind of its raw values. */
export interface WantedFeature {
  readonly name: string;
  readonly kind: RawColumn['kind'];
  /** What a model is given in its place must be a 32-bit float. */
  readonly transform?: NumericTransform;
  /** Whether a file may lack it: it is computed then. */
  readonly optional?: boolean;
}

export interface LogPlan {
  readonly plan: LoadPlan;
  readonly source: SourceDescriptor;
  /** How the features wanted are read, in their order. */
  readonly features: readonly ResolvedFeature[];
  /** Whether rows stand for several exposures each. */
  readonly counts: boolean;
  /** Column of the time. */
  readonly timeColumn: string;
}

/** Names that events have in a plain file. */
export interface PlainNames {
  readonly entity: string;
  readonly item: string;
  readonly time: string;
  readonly label: string;
}

type Described = Pick<ResolvedDescriptor, 'columns' | 'features'> & { readonly source: SourceDescriptor };

/** Dialect of the log's rows in a file of `format`, which is the log's own where it is not known. */
export function logSource(
  { events }: LoggedDescriptor,
  format: SourceDescriptor['format'] | undefined,
): SourceDescriptor {
  const logged = events ?? eventsSchema.parse({ files: 'events' });
  const unpacked = logged.format === 'parquet' ? 'csv' : logged.format;
  return { ...logged, format: format ?? unpacked };
}

/**
 * The plan of a file with the log's columns, `names` being those of the file. Undefined where the descriptor does not say what the columns are,
 * or where the log has no clock: the order of rows means nothing outside of it.
 */
export function planLog(
  { columns, features }: LoggedDescriptor,
  source: SourceDescriptor,
  wanted: readonly WantedFeature[],
  names: readonly string[],
): LogPlan | undefined {
  if (columns === undefined || 'sourceOrder' in columns.timestamp) return undefined;
  const { label } = columns;
  const entity = idColumn('entity', columns.entity, names);
  const item = idColumn('item', columns.item, names);
  return planned(
    {
      source,
      columns: {
        entity,
        item,
        // IDs under plain names are those that prep made.
        ids: {
          ...(entity === columns.entity && isWhole(columns.ids, 'entity')
            ? { entity: 'whole' as const }
            : {}),
          ...(item === columns.item && isWhole(columns.ids, 'item') ? { item: 'whole' as const } : {}),
        },
        timestamp: columns.timestamp,
        // What prep sampled as negatives is in no log: new rows must say themselves what was no click.
        label: label.kind === 'implicit' ? { kind: 'binary', column: 'label' } : label,
      },
      features: wanted.map((feature) =>
        wantedFeature(
          feature,
          features.find(({ name }) => name === feature.name),
        ),
      ),
    },
    wanted,
  );
}

/** The plan of plain CSV: milliseconds, labels of 0 and 1, features under their own names as the log's are once they are cleaned. */
export function planPlain(
  { features }: LoggedDescriptor,
  { entity, item, time, label }: PlainNames,
  wanted: readonly WantedFeature[],
): LogPlan {
  return planned(
    {
      source: eventsSchema.parse({ files: 'events' }),
      columns: {
        entity,
        item,
        timestamp: { column: time, unit: 'ms' },
        label: { kind: 'binary', column: label },
      },
      features: wanted.map((feature) =>
        plainFeature(
          feature,
          features.find(({ name }) => name === feature.name),
        ),
      ),
    },
    wanted,
  );
}

function planned({ source, columns, features }: Described, wanted: readonly WantedFeature[]): LogPlan {
  const plan = planEvents(
    {
      name: 'events',
      layout: undefined,
      generated: undefined,
      events: { ...source, files: 'events' },
      tables: {},
      columns,
      features: features.filter(({ kind }) => kind !== 'time'),
      duplicates: 'keep',
      split: splitSchema.parse({}),
    },
    undefined,
  );
  const timeColumn = 'column' in columns.timestamp ? columns.timestamp.column : '';
  const far = wanted.flatMap(({ name, transform }) => {
    const read = plan.columns.find((column) => column.name === featureColumnName({ name }));
    const feature = features.find((candidate) => candidate.name === name);
    const column = feature !== undefined && 'column' in feature ? (feature.column ?? name) : name;
    return read === undefined ? [] : farFaults(column, read.sql, transform);
  });
  return {
    plan: { ...plan, faults: [...plan.faults, ...far] },
    source,
    features,
    counts: columns.label.kind === 'counts',
    timeColumn,
  };
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
function wantedFeature(wanted: WantedFeature, feature: FeatureDescriptor | undefined): ResolvedFeature {
  if (feature?.kind === 'time') return feature;
  const inRows = feature !== undefined && feature.kind !== 'history' && feature.kind !== 'elapsed';
  if (inRows && (feature.from ?? 'events') === 'events') return { ...feature, from: 'events' };
  return plainFeature(wanted, feature);
}

/** A feature in a column of its own name, which holds what prep's cleaning leaves. */
function plainFeature(
  { name, kind }: WantedFeature,
  feature: FeatureDescriptor | undefined,
): ResolvedFeature {
  const missing = feature !== undefined && 'missing' in feature ? feature.missing : [];
  const read = { side: 'event' as const, from: 'events', missing };
  if (kind === 'number') return { ...read, name, kind: 'numeric', log: false, standardise: true };
  if (kind === 'text') return { ...read, name, kind: 'categorical', minCount: 1 };
  const { separator, max } = feature?.kind === 'multi' ? feature : { separator: '|', max: 100 };
  return { ...read, name, kind: 'multi', separator, max, minCount: 1 };
}

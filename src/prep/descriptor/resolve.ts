// From a descriptor and the files that are there to one flat description: layout chosen, every feature's source settled.

import { UserError, UserErrors } from '../../errors.js';
import { SIDE_COLUMNS } from '../../prepared/format.js';
import type { ColumnsDescriptor } from './columns.js';
import type { DatasetDescriptor, LayoutDescriptor } from './descriptor.js';
import type { FeatureDescriptor, FeatureOf, ReadFeature } from './features.js';
import { findFiles } from './find-files.js';
import type { EventsDescriptor, TableDescriptor } from './source.js';
import { type SplitDescriptor, statedSplit } from './split.js';

/** A feature read from a file has `from` settled: the name of a table, or `events`. */
export type ResolvedFeature =
  | (ReadFeature & { readonly from: string })
  | FeatureOf<'time'>
  | FeatureOf<'history'>;

export interface ResolvedDescriptor {
  readonly name: string;
  readonly layout: string | undefined;
  readonly generated: DatasetDescriptor['generated'];
  readonly events: EventsDescriptor;
  readonly tables: Readonly<Record<string, TableDescriptor>>;
  readonly columns: ColumnsDescriptor;
  readonly features: readonly ResolvedFeature[];
  readonly duplicates: DatasetDescriptor['duplicates'];
  readonly split: SplitDescriptor;
}

/** The file patterns of the events, whether or not they are listed by split. */
export function eventPatterns(events: EventsDescriptor): readonly string[] {
  const { files } = events;
  if (typeof files === 'string') return [files];
  return 'train' in files ? [files.train, files.valid, files.test].flat() : files;
}

/**
 * Chooses the first layout whose event files are in `dataDirectory` (the first of all where there is no directory yet).
 * Throws `UserError` DATA_FILE_MISSING where no layout's files are there, `UserErrors` for what does not fit together.
 */
export async function resolveDescriptor(
  descriptor: DatasetDescriptor,
  dataDirectory: string | undefined,
): Promise<ResolvedDescriptor> {
  const own = descriptor.events === undefined ? [] : [{ name: undefined, events: descriptor.events }];
  const layouts: readonly Candidate[] = descriptor.layouts ?? own;
  if (layouts.length === 0)
    throw fault(descriptor, 'DATASET_INCOMPLETE', 'events', 'The descriptor names no files of events.');
  if (dataDirectory === undefined) return withLayout(descriptor, layouts[0]!);
  const tried: string[] = [];
  for (const layout of layouts) {
    const { missing } = await findFiles(dataDirectory, eventPatterns(layout.events));
    if (missing.length > 0) {
      tried.push(...missing);
      continue;
    }
    return withLayout(descriptor, layout);
  }
  const { source } = descriptor;
  const wanted = [...new Set(tried)].join(', ');
  throw new UserError({
    code: 'DATA_FILE_MISSING',
    where: `${descriptor.name} in ${dataDirectory}`,
    what:
      descriptor.layouts === undefined
        ? `Not found: ${wanted}.`
        : `None of the known layouts is there; looked for ${wanted}.`,
    next: [
      source.url && `Get it from ${source.url}.`,
      source.note,
      'Point --data or LIMAML_DATA to the folder.',
    ]
      .filter(Boolean)
      .join(' '),
  });
}

/** A layout, or the descriptor itself where it has none. */
type Candidate = Partial<Omit<LayoutDescriptor, 'name'>> & {
  readonly name: string | undefined;
  readonly events: EventsDescriptor;
};

function withLayout(descriptor: DatasetDescriptor, layout: Candidate): ResolvedDescriptor {
  const columns = layout.columns ?? descriptor.columns;
  if (columns === undefined)
    throw fault(
      descriptor,
      'DATASET_INCOMPLETE',
      'columns',
      'The descriptor does not say which columns are what.',
    );
  const tables = layout.tables ?? descriptor.tables;
  const features = layout.features ?? descriptor.features;
  const resolved: ResolvedDescriptor = {
    name: descriptor.name,
    layout: layout.name,
    generated: descriptor.generated,
    events: layout.events,
    tables,
    columns,
    features: features.map((feature) => withSource(descriptor, feature, tables)),
    duplicates: descriptor.duplicates,
    split: descriptor.split,
  };
  const faults = crossFaults(descriptor, resolved);
  if (faults.length > 0) throw new UserErrors(faults);
  return resolved;
}

function withSource(
  descriptor: DatasetDescriptor,
  feature: FeatureDescriptor,
  tables: Readonly<Record<string, TableDescriptor>>,
): ResolvedFeature {
  if (feature.kind === 'time' || feature.kind === 'history') return feature;
  const from = feature.from ?? (feature.side === 'event' ? 'events' : onlyTable(descriptor, feature, tables));
  if (from !== 'events' && tables[from] === undefined)
    throw fault(
      descriptor,
      'DATASET_UNKNOWN_TABLE',
      `features.${feature.name}.from`,
      `There is no table "${from}".`,
    );
  return { ...feature, from };
}

function onlyTable(
  descriptor: DatasetDescriptor,
  feature: FeatureDescriptor,
  tables: Readonly<Record<string, TableDescriptor>>,
): string {
  const names = Object.keys(tables).filter((name) => tables[name]?.on === feature.side);
  if (names.length === 1) return names[0]!;
  const what =
    names.length === 0
      ? `No table is joined on the ${feature.side}; "from: events" reads the ${feature.side}'s first event.`
      : `Several tables are joined on the ${feature.side} (${names.join(', ')}); "from" must name one.`;
  throw fault(descriptor, 'DATASET_FEATURE_SOURCE', `features.${feature.name}`, what);
}

function crossFaults(descriptor: DatasetDescriptor, resolved: ResolvedDescriptor): UserError[] {
  const faults: UserError[] = [];
  const add = (key: string, what: string): void => {
    faults.push(fault(descriptor, 'DATASET_INCONSISTENT', key, what));
  };
  const { events, tables, columns, features, split } = resolved;
  for (const [key, source] of [['events', events] as const, ...Object.entries(tables)])
    if (source.format === 'csv' && !source.header && source.columns === undefined)
      add(key, 'Without a header the columns must be listed.');
    else if (source.format === 'csv' && source.header && source.columns !== undefined)
      add(
        key,
        'The header names the columns: a list of them goes with "header: false" (and "skip: 1" where a header is to be passed over).',
      );
  if (String(columns.entity) === String(columns.item)) add('columns', 'Entity and item are the same column.');
  const clicked = labelColumns(columns.label);
  const names = features.map((feature) => feature.name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    add(`features.${name}`, 'Two features have this name.');
  const byFiles = typeof events.files === 'object' && 'train' in events.files;
  const stated = statedSplit(split);
  if (stated !== undefined && !byFiles && stated.column === undefined)
    add('split', 'A given split needs events.files by split, or split.column.');
  if (stated === undefined && byFiles) add('events.files', 'Files by split go with "split.kind: given".');
  const sourceOrder = 'sourceOrder' in columns.timestamp;
  if (sourceOrder && features.some((feature) => feature.kind === 'time' || feature.kind === 'elapsed'))
    add('features', 'Without timestamps there are no features of the clock.');
  for (const feature of features) {
    if (feature.side !== 'event' && SIDE_COLUMNS.includes(feature.name))
      add(`features.${feature.name}`, `The name is taken by a column of the ${feature.side} table.`);
    if (
      feature.kind === 'history' &&
      feature.delayMinutes >= (feature.days ?? Number.POSITIVE_INFINITY) * 1440
    )
      add(`features.${feature.name}`, 'The delay covers all of the days looked back at.');
    if (!('from' in feature)) continue;
    if (feature.from === 'events' && clicked.includes(feature.column ?? feature.name))
      add(`features.${feature.name}`, 'The column is the label, which a model must not be shown.');
    if (feature.from === 'events') continue;
    const { on } = tables[feature.from]!;
    if (feature.side !== 'event' && on !== feature.side)
      add(
        `features.${feature.name}`,
        `Table "${feature.from}" is joined on ${on}; side must be ${sideOf(on)}.`,
      );
  }
  return faults;
}

/** Columns that say whether an event was clicked. */
function labelColumns(label: ColumnsDescriptor['label']): readonly string[] {
  if ('column' in label) return [label.column];
  return label.kind === 'counts' ? [label.positives] : [];
}

const sideOf = (on: string): string => (on === 'entity' || on === 'item' ? `${on} or event` : 'event');

function fault(descriptor: DatasetDescriptor, code: string, key: string, what: string): UserError {
  return new UserError({
    code,
    where: `data set ${descriptor.name} › ${key}`,
    what,
    next: 'Correct the descriptor.',
  });
}

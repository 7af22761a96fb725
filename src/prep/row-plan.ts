// How rows to score are read: values under their own names, or under those of the log and then as prep reads the log.
import type { NumericTransform } from '../prepared/manifest.js';
import type { RawColumn } from '../prepared/raw-column.js';
import type { FeatureDescriptor } from './descriptor/features.js';
import type { LoggedDescriptor } from './descriptor/logged.js';
import { timeSql } from './encode/derive-events.js';
import { valuesSql } from './encode/multi.js';
import { cleaned, milliseconds } from './load/expressions.js';
import { farFaults } from './load/far-numbers.js';
import { planFeature } from './load/feature-column.js';
import { idPart, joinedId, NOT_WHOLE } from './load/ids.js';
import type { Fault, LoadPlan, PlannedColumn } from './load/plan.js';
import { type RawColumns, rawColumns } from './load/raw-columns.js';
import { timeWords } from './load/times.js';

/** A raw value that is wanted of each row; `entity` and `item` are the IDs. */
export interface WantedValue {
  readonly name: string;
  readonly kind: RawColumn['kind'];
  /** What a model is given in its place must be a 32-bit float. */
  readonly transform?: NumericTransform | undefined;
}

interface RowPlan extends LoadPlan {
  /** The values that the header gives; those of several are lists. */
  readonly columns: readonly PlannedColumn[];
  readonly kinds: Readonly<Record<string, RawColumn['kind']>>;
}

/** Column that is in milliseconds whatever the log's own unit; among what is wanted, the time of the row however it is given. */
const OWN_TIME = 'timestamp_ms';

/** One value: its SQL over the plan's columns, and what makes it none. */
interface PlannedValue {
  readonly sql: string;
  readonly faults: readonly Fault[];
}

/** Plans what `header` gives of `wanted`; the others are left out of `columns`. */
export function planRows(
  logged: LoggedDescriptor,
  wanted: readonly WantedValue[],
  header: readonly string[],
): RowPlan {
  const raw = rawColumns();
  const columns: PlannedColumn[] = [];
  const faults: Fault[] = [];
  const kinds: Record<string, RawColumn['kind']> = {};
  for (const value of wanted) {
    const isId = value.name === 'entity' || value.name === 'item';
    const planned = isId
      ? planId(value.name as 'entity' | 'item', logged, header, raw)
      : value.name === OWN_TIME
        ? planTime(logged, header, raw)
        : planValue(value, logged, header, raw);
    if (planned === undefined) continue;
    columns.push({ name: value.name, type: 'VARCHAR', sql: planned.sql });
    faults.push(...planned.faults);
    kinds[value.name] = value.kind;
  }
  return { ...raw.plan(), columns, faults, drops: [], kinds };
}

function planId(
  side: 'entity' | 'item',
  { columns, events }: LoggedDescriptor,
  header: readonly string[],
  raw: RawColumns,
): PlannedValue | undefined {
  if (header.includes(side)) return { sql: raw.text(side, ['']), faults: [] };
  const names = columns === undefined ? [] : [columns[side]].flat();
  if (names.length === 0 || names.some((name) => !header.includes(name))) return undefined;
  const missing = events?.missing ?? [''];
  const parts = names.map((name) => {
    const text = raw.text(name, missing);
    return { name, text, ...idPart(text, columns?.ids, side) };
  });
  return {
    sql: joinedId(parts.map(({ sql }) => sql)),
    faults: parts.flatMap(({ name, text, wrong }) =>
      wrong === undefined
        ? []
        : [{ column: name, when: `(${text} IS NOT NULL AND ${wrong})`, reason: NOT_WHOLE }],
    ),
  };
}

function planValue(
  { name, kind, transform }: WantedValue,
  logged: LoggedDescriptor,
  header: readonly string[],
  raw: RawColumns,
): PlannedValue | undefined {
  const feature = logged.features.find((candidate) => candidate.name === name);
  const loggedColumn = feature !== undefined && 'column' in feature ? (feature.column ?? name) : name;
  const column = header.includes(name) ? name : header.includes(loggedColumn) ? loggedColumn : undefined;
  if (column === undefined) {
    if (feature?.kind === 'time') return planClock(feature, logged, header, raw);
    return feature?.kind === 'multi' ? planFlags(feature, logged, header, raw) : undefined;
  }
  const missing = missingOf(feature, logged);
  const read = { name, side: 'event' as const, column, missing: [] };
  const asLogged = feature !== undefined && 'missing' in feature && column === loggedColumn;
  if (kind === 'text') {
    const text = raw.text(column, missing);
    return { sql: asLogged ? cleanedText(text, feature, column === name) : text, faults: [] };
  }
  if (kind === 'texts') {
    const { separator, max } = feature?.kind === 'multi' ? feature : { separator: '|', max: MOST_VALUES };
    return { sql: valuesSql(raw.text(column, missing), { separator, max }), faults: [] };
  }
  const numeric = asLogged && feature.kind === 'numeric' ? { ...feature, column } : undefined;
  if (numeric?.pattern !== undefined && column === name) {
    // As for texts: what the pattern finds nothing in may be what it found before.
    const text = raw.text(column, missing);
    const value = raw.numberOf(raw.named(`coalesce(${cleaned(text, numeric)}, ${text})`));
    const when = `(${text} IS NOT NULL AND ${value} IS NULL)`;
    return {
      sql: value,
      faults: [{ column, when, reason: 'not a number' }, ...farFaults(column, value, transform)],
    };
  }
  const { column: planned, faults } = planFeature(
    numeric ?? { ...read, kind: 'numeric', log: false, standardise: true },
    missing,
    raw,
  );
  return { sql: planned.sql, faults: [...faults, ...farFaults(column, planned.sql, transform)] };
}

const MOST_VALUES = 1_000_000;

/** The texts that mean "no value": the feature's and those of the file that it is read from. */
function missingOf(feature: FeatureDescriptor | undefined, { events, tables }: LoggedDescriptor): string[] {
  if (feature === undefined || !('missing' in feature)) return [''];
  const from = feature.from ?? (feature.side === 'event' ? 'events' : '');
  const source = from === 'events' ? events : tables[from];
  return ['', ...feature.missing, ...(source?.missing ?? [])];
}

/**
 * A text as prep cleans it. Where the log's name is the feature's own too, a text that the pattern does not find anything in may be what
 * it found before, and stays.
 */
function cleanedText(text: string, feature: FeatureDescriptor, isOwn: boolean): string {
  if (feature.kind !== 'categorical') return text;
  const clean = cleaned(text, feature);
  return isOwn && feature.pattern !== undefined ? `coalesce(${clean}, ${text})` : clean;
}

function planFlags(
  feature: Extract<FeatureDescriptor, { kind: 'multi' }>,
  logged: LoggedDescriptor,
  header: readonly string[],
  raw: RawColumns,
): PlannedValue | undefined {
  if (feature.flags === undefined || feature.flags.some((flag) => !header.includes(flag))) return undefined;
  const { column } = planFeature(feature, missingOf(feature, logged), raw);
  return { sql: valuesSql(column.sql, feature), faults: [] };
}

/** A part of the clock from the log's time, or from milliseconds. A missing time is a missing value. */
function planClock(
  feature: Extract<FeatureDescriptor, { kind: 'time' }>,
  logged: LoggedDescriptor,
  header: readonly string[],
  raw: RawColumns,
): PlannedValue | undefined {
  const time = planTime(logged, header, raw);
  return time === undefined ? undefined : { ...time, sql: timeSql(feature, `(${time.sql})`) };
}

/** The time of a row in milliseconds. */
function planTime(
  { columns, events }: LoggedDescriptor,
  header: readonly string[],
  raw: RawColumns,
): PlannedValue | undefined {
  const timed = columns !== undefined && 'column' in columns.timestamp ? columns.timestamp : undefined;
  const time =
    timed !== undefined && header.includes(timed.column)
      ? timed
      : header.includes(OWN_TIME)
        ? { column: OWN_TIME, unit: 'ms' as const, format: undefined }
        : undefined;
  if (time === undefined) return undefined;
  const missing = events?.missing ?? [''];
  const { ms, present } = milliseconds(raw, time.column, missing, time.unit, time.format);
  const when = `(${present} IS NOT NULL AND (${ms}) IS NULL)`;
  return { sql: ms, faults: [{ column: time.column, when, reason: timeWords(time.unit, time.format) }] };
}

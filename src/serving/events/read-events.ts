// New events as CSV into a table like support.parquet's.

import type { BundleManifest } from '../../bundle/manifest.js';
import type { ColumnValues, TableStore } from '../../bundle/store/table-store.js';
import { UserError, UserErrors } from '../../errors.js';
import { eventFeatures } from '../../export/export-tables.js';
import type { KnownDescriptor } from '../../export/graphs/describe-graph.js';
import { SUPPORT } from '../../export/graphs/serving-programs.js';
import { nearestName } from '../../nearest-name.js';
import { findColumn } from '../columns/match-columns.js';
import { cellRule, readCells } from '../columns/read-cells.js';
import { type CsvRow, csvRows } from './csv-rows.js';

const BATCH_ROWS = 4096;

/** Milliseconds since 1970 below this lie before 1974: seconds, most likely. */
const LEAST_MS = 1e11;
const LARGEST_MS = Date.UTC(2200, 0, 1);

/** The columns that events must have, besides event features. */
const OWN = ['entity', 'item', 'timestamp_ms', 'label'] as const;

/**
 * Appends events to `table`, columns as `supportColumns` has them, `place` counting the input's rows. Returns how many. Throws
 * UserErrors EVENTS_COLUMN_MISSING, UserError EVENTS_BAD_VALUE, EVENTS_RAGGED_ROW, ROWS_BAD_NUMBER and ROWS_BAD_CSV.
 */
export async function readEvents(
  input: NodeJS.ReadableStream,
  name: string,
  manifest: BundleManifest,
  store: TableStore,
  table: string,
  logColumns: readonly string[] = [],
): Promise<number> {
  let reader: ((batch: readonly CsvRow[], first: number) => readonly ColumnValues[]) | undefined;
  let width = 0;
  let rows = 0;
  let batch: CsvRow[] = [];
  const flush = (): void => {
    store.append(table, batch.length, reader!(batch, rows));
    rows += batch.length;
    batch = [];
  };
  for await (const row of csvRows(input, name)) {
    if (reader === undefined) {
      reader = eventReader(row, name, manifest, logColumns);
      width = row.fields.length;
      continue;
    }
    if (row.fields.length !== width)
      throw new UserError({
        code: 'EVENTS_RAGGED_ROW',
        where: `${name}:${row.line}`,
        what: `The row has ${row.fields.length} fields and the header ${width}.`,
        next: 'Quote fields that hold a comma. Nothing was changed.',
      });
    batch.push(row);
    if (batch.length === BATCH_ROWS) flush();
  }
  if (reader === undefined)
    throw new UserError({
      code: 'EVENTS_NO_HEADER',
      where: name,
      what: 'The input is empty.',
      next: `Pass CSV whose first line names the columns ${OWN.join(', ')}.`,
    });
  if (batch.length > 0) flush();
  return rows;
}

function eventReader(
  { fields }: CsvRow,
  name: string,
  manifest: BundleManifest,
  logColumns: readonly string[],
): (batch: readonly CsvRow[], first: number) => readonly ColumnValues[] {
  const header = fields.map((field) => field.trim());
  const features = eventFeatures(manifest.inputs.adapt);
  const wanted = [...OWN, ...features.map((feature) => feature.name)];
  const places = new Map(wanted.map((column) => [column, findColumn(column, header, manifest)]));
  const missing = wanted.filter((column) => places.get(column) === undefined);
  if (missing.length > 0)
    throw new UserErrors(missing.map((column) => columnMissing(column, name, header, logColumns, manifest)));
  const descriptor = (manifest.descriptor ?? {}) as KnownDescriptor;
  const at = (column: string): number => places.get(column)!;
  const cells = <T>(
    batch: readonly CsvRow[],
    column: (typeof OWN)[number],
    read: (cell: string) => T | undefined,
    words: string,
  ): T[] =>
    batch.map(({ fields: row, line }) => {
      const cell = row[at(column)]!.trim();
      const value = read(cell);
      if (value !== undefined) return value;
      throw new UserError({
        code: 'EVENTS_BAD_VALUE',
        where: `${name}:${line} › ${header[at(column)]}`,
        what: `"${cell.slice(0, 100)}" is no ${words}.`,
        next: 'Mend the events. Nothing was changed.',
      });
    });
  const id = (cell: string): string | undefined => (cell === '' ? undefined : cell);
  return (batch, first) => [
    { kind: 'text', values: cells(batch, 'entity', id, 'ID of an entity') },
    { kind: 'number', values: Float64Array.from(batch, (_, i) => first + i) },
    { kind: 'text', values: cells(batch, 'item', id, 'ID of an item') },
    {
      kind: 'number',
      values: Float64Array.from(cells(batch, 'timestamp_ms', time, 'time in milliseconds since 1970')),
    },
    {
      kind: 'number',
      values: Float64Array.from(cells(batch, 'label', label, 'label: 1 for a click, 0 for none')),
    },
    ...features.map((input) => {
      const column = header[at(input.name)]!;
      return readCells(input, batch, at(input.name), column, cellRule(input, descriptor, column), name);
    }),
  ];
}

function time(cell: string): number | undefined {
  const ms = /^\d+$/.test(cell) ? Number(cell) : Number.NaN;
  return ms >= LEAST_MS && ms < LARGEST_MS ? ms : undefined;
}

function label(cell: string): number | undefined {
  return cell === '1' ? 1 : cell === '0' ? 0 : undefined;
}

/** A column that new events lack; `logColumns` are those that the raw log's form needs, none where its form is not known. */
export function columnMissing(
  column: string,
  name: string,
  header: readonly string[],
  logColumns: readonly string[],
  { adapt }: BundleManifest,
): UserError {
  const close = nearestName(column, header);
  const described = adapt?.inputs.find((input) => input.name === `${SUPPORT}${column}`);
  const meaning = described === undefined ? '' : `It is: ${described.meaning} `;
  return new UserError({
    code: 'EVENTS_COLUMN_MISSING',
    where: `${name}:1`,
    what: `There is no column "${column}". ${close === undefined ? `Columns: ${header.join(', ')}.` : `Closest: "${close}".`}`,
    next: `${meaning}Events have the columns of the bundle's support.parquet (${OWN.join(', ')} and event features)${logColumns.length === 0 ? '' : `, or those of the log (${logColumns.join(', ')})`}.`,
  });
}

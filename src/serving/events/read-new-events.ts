// New events of either form: the bundle's own columns, or those of the raw log.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BundleManifest } from '../../bundle/manifest.js';
import type { TableStore } from '../../bundle/store/table-store.js';
import type { Database } from '../../database/database.js';
import { UserError, UserErrors } from '../../errors.js';
import { eventFeatures } from '../../export/export-tables.js';
import { openReader } from '../../export/raw-tables.js';
import { columnNames } from '../../prep/sources/column-names.js';
import { firstLines, unpackedBytes } from '../../prep/sources/text-lines.js';
import { type EventsFile, keepEvents } from './events-file.js';
import { type LogForm, logForm } from './log-form.js';
import { columnMissing, readEvents } from './read-events.js';
import { type ReadEvents, readLogEvents } from './read-log-events.js';

export interface NewEvents extends ReadEvents {
  readonly sha256: string;
  /** Whether columns, units and label were the raw log's or the bundle's own. */
  readonly form: 'log' | 'bundle';
  /** Whether rows that agree in entity, item and time are several events. */
  readonly repeats: boolean;
}

/** Appends the events of a stream to `table`. Throws what `readEvents` and `readLogEvents` throw. */
export async function readNewEvents(
  input: NodeJS.ReadableStream,
  name: string,
  manifest: BundleManifest,
  store: TableStore,
  table: string,
): Promise<NewEvents> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'limaml-events-'));
  try {
    const file = await keepEvents(input, name, workDirectory);
    const { log, isLog } = await formOf(file, manifest);
    const logColumns = log?.plan.used ?? [];
    if (log !== undefined && isLog) {
      const missing = logColumns.filter((column) => !log.names.includes(column));
      if (missing.length > 0)
        throw new UserErrors(
          missing.map((column) => columnMissing(column, name, log.names, logColumns, manifest)),
        );
      return {
        ...(await readLogEvents(file, log, workDirectory, manifest, store, table)),
        sha256: file.sha256,
        form: 'log',
        repeats: log.repeats,
      };
    }
    const database = await openReader();
    try {
      const bytes = Readable.from(unpackedBytes(database, file.path));
      const rows = await readEvents(bytes, name, manifest, store, table, logColumns);
      return { rows, dropped: {}, sha256: file.sha256, form: 'bundle', repeats: false };
    } finally {
      database.close();
    }
  } catch (error) {
    throw packedBadly(error) ? damaged(name, error) : error;
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

/** The bundle's own columns, which no log needs to have. */
const OWN_TIME = 'timestamp_ms';

/**
 * The log's form where the file has all columns that it takes, so that the log's rules count where names coincide; and where it has
 * the log's time in place of the bundle's, so that what else is missing is told in the log's words.
 */
async function formOf(
  file: EventsFile,
  manifest: BundleManifest,
): Promise<{ readonly log?: LogForm; readonly isLog: boolean }> {
  const database = await openReader();
  try {
    const { path, name, format } = file;
    const inputs = eventFeatures(manifest.inputs.adapt);
    const form = await logForm(manifest.descriptor, inputs, format, (source) =>
      columnNames(database, { path, name, source }),
    );
    if (form === undefined) {
      if (format === 'parquet' || format === 'jsonl') throw onlyCsv(name);
      return { isLog: false };
    }
    // The bundle's own columns come as CSV only.
    if (form.source.format !== 'csv') return { log: form, isLog: true };
    const { names, plan, source, timeColumn } = form;
    if (source.format === 'csv' && !source.header && (await hasOwnHeader(database, path)))
      return { log: form, isLog: false };
    const whole = plan.used.every((column) => names.includes(column));
    return { log: form, isLog: whole || (names.includes(timeColumn) && !names.includes(OWN_TIME)) };
  } catch (error) {
    // Not even a header that the log's dialect can read: the plain form says what is wrong.
    if (error instanceof UserError && file.format === 'csv') return { isLog: false };
    throw error;
  } finally {
    database.close();
  }
}

/** Whether unpacking failed: what zlib and the database's zstd say. */
const packedBadly = (error: unknown): boolean =>
  error instanceof Error &&
  (String((error as NodeJS.ErrnoException).code).startsWith('Z_') ||
    /\bzstd\b|frame descriptor/i.test(error.message));

const damaged = (name: string, cause: unknown): UserError =>
  new UserError(
    {
      code: 'EVENTS_DAMAGED',
      where: name,
      what: 'The file is not packed as its name says, or is cut short.',
      next: 'Fetch it again. Nothing was changed.',
    },
    { cause },
  );

const onlyCsv = (name: string): UserError =>
  new UserError({
    code: 'EVENTS_NOT_CSV',
    where: name,
    what: 'This is no CSV, and the bundle does not know how its raw log is read.',
    next: 'Pass CSV with the columns of support.parquet.',
  });

/** Whether a file begins with the bundle's own header although the log has none. */
async function hasOwnHeader(database: Database, path: string): Promise<boolean> {
  const [line] = await firstLines(database, path, 1);
  return (line?.toString('utf8') ?? '').split(',').some((field) => field.trim() === OWN_TIME);
}

// The door of prep for programs that serve: new rows of a log, read exactly as prep read the log.
import { join } from 'node:path';
import { openDatabase } from '../database/database.js';
import { ident } from '../database/sql.js';
import { UserError, UserErrors } from '../errors.js';
import type { RawColumn, RawPiece } from '../prepared/raw-column.js';
import { openReader, readRaw } from '../prepared/read-raw.js';
import type { LoggedDescriptor } from './descriptor/logged.js';
import type { SourceDescriptor } from './descriptor/source.js';
import { timeSql } from './encode/derive-events.js';
import { valuesSql } from './encode/multi.js';
import { featureColumnName } from './load/feature-column.js';
import { countDrops, createTarget, loadFile } from './load/load-file.js';
import {
  type LogPlan,
  logSource,
  type PlainNames,
  planLog,
  planPlain,
  type WantedFeature,
} from './load/log-plan.js';
import { openRejects } from './load/rejects.js';
import { columnNames } from './sources/column-names.js';
import { firstLines } from './sources/text-lines.js';

export type { WantedFeature } from './load/log-plan.js';

const MEMORY_MB = 512;
const LOADED = 'loaded';

/** A file of new events, packed or not; the ending of `path` says how. */
interface NewFile {
  readonly path: string;
  /** What errors call it. */
  readonly name: string;
  /** Undefined where its first bytes do not say. */
  readonly format: SourceDescriptor['format'] | undefined;
}

/** How a file is read, and the columns it has. */
export interface EventsForm extends LogPlan {
  readonly names: readonly string[];
  /** The features wanted, less those that the file may lack and lacks. */
  readonly wanted: readonly WantedFeature[];
}

/** The form of a file with the log's own columns; undefined where the log is not described well enough. */
export async function logForm(
  file: NewFile,
  logged: LoggedDescriptor,
  wanted: readonly WantedFeature[],
): Promise<EventsForm | undefined> {
  const source = logSource(logged, file.format);
  const names = await namesOf(file, source);
  const read = required(wanted, names);
  const plan = planLog(logged, source, read, names);
  return plan === undefined ? undefined : { ...plan, names, wanted: read };
}

/** The form of CSV in plain columns, which `namesFor` tells from those that there are. Throws UserError EVENTS_NO_HEADER. */
export async function plainForm(
  file: NewFile,
  logged: LoggedDescriptor,
  wanted: readonly WantedFeature[],
  namesFor: (columns: readonly string[]) => PlainNames,
): Promise<EventsForm> {
  const plain = planPlain(logged, { entity: '', item: '', time: '', label: '' }, []);
  const names = await namesOf(file, plain.source).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'DATA_FILE_EMPTY') return [];
    throw error;
  });
  if (names.every((name) => name === '')) throw noHeader(file.name);
  const read = required(wanted, names);
  return { ...planPlain(logged, namesFor(names), read), names, wanted: read };
}

const required = (wanted: readonly WantedFeature[], names: readonly string[]): readonly WantedFeature[] =>
  wanted.filter(({ name, optional }) => optional !== true || names.includes(name));

const noHeader = (name: string): UserError =>
  new UserError({
    code: 'EVENTS_NO_HEADER',
    where: name,
    what: 'The input is empty.',
    next: 'Pass events whose first line names the columns.',
  });

async function namesOf(file: NewFile, source: SourceDescriptor): Promise<readonly string[]> {
  const database = await openReader();
  try {
    return await columnNames(database, { path: file.path, name: file.name, source });
  } finally {
    database.close();
  }
}

/** The fields of a file's first line, by commas. */
export async function firstFields({ path }: NewFile): Promise<readonly string[]> {
  const database = await openReader();
  try {
    const [line] = await firstLines(database, path, 1);
    return (line?.toString('utf8') ?? '').split(',').map((field) => field.trim());
  } finally {
    database.close();
  }
}

export interface ReadEvents {
  readonly rows: number;
  readonly entities: number;
  /** Rows that the descriptor leaves out of the log, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** entity, item, timestamp_ms, label and features, by entity, those of one in the order of the file. */
  pieces(): AsyncIterable<RawPiece>;
  close(): void;
}

/**
 * Reads a file into `workDirectory`. Throws UserErrors EVENTS_BAD_VALUE for the first rows that cannot be read, UserError
 * DATA_MISSING_COLUMN and others for the file itself.
 */
export async function readEvents(
  { path, name }: NewFile,
  { plan, source, features, counts, wanted }: EventsForm,
  workDirectory: string,
): Promise<ReadEvents> {
  const database = await openDatabase({
    file: join(workDirectory, 'events.duckdb'),
    spillDirectory: join(workDirectory, 'spill'),
    memoryLimitMb: MEMORY_MB,
    threads: 2,
  });
  try {
    const rejects = await openRejects(database, 'stop');
    await createTarget(database, LOADED, plan);
    await loadFile({ database, workDirectory, rejects }, { path, name, source }, plan, LOADED);
    await rejects.stopIfAny().catch((error: unknown) => {
      throw error instanceof UserErrors ? new UserErrors(error.errors.map(ofEvents)) : error;
    });
    const values = features.map(
      (feature) =>
        `${feature.kind === 'time' ? timeSql(feature) : feature.kind === 'multi' ? valuesSql(`s.${ident(featureColumnName(feature))}`, feature) : `s.${ident(featureColumnName(feature))}`} AS ${ident(feature.name)}`,
    );
    const label = counts ? 'CAST(c.copy < s.label AS INTEGER)' : 's.label';
    const from = `FROM ${LOADED} s${counts ? ', LATERAL (SELECT unnest(range(s.total)) AS copy) c' : ''} WHERE s.fault = 0`;
    const select = `SELECT ${['s.entity', 's.item', 's.ts AS timestamp_ms', `${label} AS label`, ...values].join(', ')}
      ${from} ORDER BY s.entity, s.rowid${counts ? ', c.copy' : ''}`;
    const kinds: Record<string, RawColumn['kind']> = {
      entity: 'text',
      item: 'text',
      timestamp_ms: 'number',
      label: 'number',
      ...Object.fromEntries(wanted.map((feature) => [feature.name, feature.kind])),
    };
    const figures = await database.numbers(
      `SELECT count(*) AS rows, count(DISTINCT s.entity) AS entities ${from}`,
    );
    return {
      rows: figures['rows']!,
      entities: figures['entities']!,
      dropped: await countDrops(database, LOADED, plan.drops),
      pieces: () => readRaw(database, select, kinds),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function ofEvents({ where, what }: UserError): UserError {
  return new UserError({
    code: 'EVENTS_BAD_VALUE',
    ...(where === undefined ? {} : { where }),
    what,
    next: 'Mend the events. Nothing was changed.',
  });
}

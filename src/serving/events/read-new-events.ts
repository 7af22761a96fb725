// New events of either form: the bundle's own columns, or those of the raw log.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENT_COLUMNS, OWN_TIME, SUPPORT } from '../../bundle/format/files.js';
import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import { eventFeatures } from '../../bundle/format/raw-input.js';
import { columnKind } from '../../bundle/format/raw-tensor.js';
import { UserError, UserErrors } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';
import {
  type EventsForm,
  firstFields,
  logForm,
  plainForm,
  type ReadEvents,
  readEvents,
  type WantedFeature,
} from '../../prep/read-events.js';
import { type EventsFile, keepEvents } from './events-file.js';

/** Milliseconds since 1970 below this lie before 1974: seconds, most likely. */
const LEAST_MS = 1e11;

export interface NewEvents extends Omit<ReadEvents, 'close'> {
  readonly sha256: string;
  /** Whether columns, units and label were the raw log's or the bundle's own. */
  readonly form: 'log' | 'bundle';
  /** History features that the file lacks, which are to be computed. */
  readonly lacking: readonly string[];
  /** Removes what was kept of them. */
  close(): Promise<void>;
}

type Described = Pick<BundleManifest, 'descriptor' | 'inputs' | 'adapt' | 'history'>;

/** Reads the events of a stream. Throws what `readEvents` throws, UserErrors EVENTS_COLUMN_MISSING, UserError EVENTS_NOT_CSV and EVENTS_DAMAGED. */
export async function readNewEvents(
  input: NodeJS.ReadableStream,
  name: string,
  manifest: Described,
): Promise<NewEvents> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'limaml-events-'));
  const remove = () => rm(workDirectory, { recursive: true, force: true });
  try {
    const file = await keepEvents(input, name, workDirectory);
    const { log, plain } = await formOf(file, manifest);
    const form = plain ?? log!;
    const { names, plan } = form;
    const missing = plan.used.filter((column) => !names.includes(column));
    if (missing.length > 0)
      throw new UserErrors(
        missing.map((column) => columnMissing(column, name, names, log?.plan.used ?? [], manifest)),
      );
    const read = await readEvents(file, form, workDirectory);
    return {
      ...read,
      sha256: file.sha256,
      lacking: wantedOf(manifest).flatMap(({ name }) =>
        form.wanted.some((w) => w.name === name) ? [] : [name],
      ),
      form: plain === undefined ? 'log' : 'bundle',
      close: async () => {
        read.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw packedBadly(error) ? damaged(name, error) : error;
  }
}

const wantedOf = ({ inputs, history }: Described): readonly WantedFeature[] =>
  eventFeatures(inputs.adapt).map((input) => ({
    name: input.name,
    kind: columnKind(input),
    optional: history?.features.some(({ name }) => name === input.name) ?? false,
    ...(input.spec?.kind === 'numeric' ? { transform: input.spec.transform } : {}),
  }));

/**
 * The log's form where the file has all columns that it takes, so that the log's rules count where names coincide; and where it has
 * the log's time in place of the bundle's, so that what else is missing is told in the log's words. Else the plain form.
 */
async function formOf(
  file: EventsFile,
  manifest: Described,
): Promise<{ readonly log?: EventsForm | undefined; readonly plain?: EventsForm }> {
  const log = await logForm(file, manifest.descriptor, wantedOf(manifest)).catch((error: unknown) => {
    // Not even a header that the log's dialect can read: the plain form says what is wrong.
    if (error instanceof UserError && file.format === 'csv') return undefined;
    throw error;
  });
  if (log === undefined) {
    if (file.format === 'parquet' || file.format === 'jsonl') throw onlyCsv(file.name);
    return { plain: await plainFormOf(file, manifest) };
  }
  const { source, names, plan, timeColumn } = log;
  // The bundle's own columns come as CSV only.
  if (source.format !== 'csv') return { log };
  if (!source.header && (await firstFields(file)).includes(OWN_TIME))
    return { log, plain: await plainFormOf(file, manifest) };
  const isLog =
    plan.used.every((column) => names.includes(column)) ||
    (names.includes(timeColumn) && !names.includes(OWN_TIME));
  return isLog ? { log } : { log, plain: await plainFormOf(file, manifest) };
}

async function plainFormOf(file: EventsFile, manifest: Described): Promise<EventsForm> {
  const form = await plainForm(file, manifest.descriptor, wantedOf(manifest), (names) => {
    const named = (side: 'entity' | 'item'): string => {
      const logged = manifest.descriptor.columns?.[side];
      return typeof logged === 'string' && !names.includes(side) && names.includes(logged) ? logged : side;
    };
    return { entity: named('entity'), item: named('item'), time: OWN_TIME, label: 'label' };
  });
  const { plan } = form;
  const time = plan.columns.find(({ name }) => name === 'ts')!.sql;
  const early = {
    column: OWN_TIME,
    when: `coalesce((${time}) < ${LEAST_MS}, false)`,
    reason: 'no time in milliseconds since 1970 after 1973: seconds, perhaps',
  };
  return { ...form, plan: { ...plan, faults: [...plan.faults, early] } };
}

/** A column that new events lack; `logColumns` are those that the raw log's form needs, none where its form is not known. */
function columnMissing(
  column: string,
  name: string,
  header: readonly string[],
  logColumns: readonly string[],
  { adapt }: Described,
): UserError {
  const close = nearestName(column, header);
  const described = adapt?.inputs.find((input) => input.name === `${SUPPORT}${column}`);
  const meaning = described === undefined ? '' : `It is: ${described.meaning} `;
  return new UserError({
    code: 'EVENTS_COLUMN_MISSING',
    where: `${name}:1`,
    what: `There is no column "${column}". ${close === undefined ? `Columns: ${header.join(', ')}.` : `Closest: "${close}".`}`,
    next: `${meaning}Events have the columns of the bundle's support.parquet (${EVENT_COLUMNS.join(', ')} and event features)${logColumns.length === 0 ? '' : `, or those of the log (${logColumns.join(', ')})`}.`,
  });
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

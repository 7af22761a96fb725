// The history features of new events, each as of its own instant, and the past that holds those events too.
import { join } from 'node:path';
import { BUNDLE_FILES } from '../bundle/format/files.js';
import type { KeptHistory } from '../bundle/format/manifest-schema.js';
import type { Bundle } from '../bundle/open.js';
import { UserError } from '../errors.js';
import { openPast } from '../prep/kept-past.js';
import { pickRows, type RawColumns, type RawPiece } from '../prepared/raw-column.js';
import type { NewEvents } from './events/read-new-events.js';
import { mergedEntities } from './merged-entities.js';

interface NewHistory {
  /** The events, with the features that they lacked; those of an event that is stored already are missing. */
  readonly events: NewEvents;
  readonly history: KeptHistory;
  /** Writes history.parquet of the newer bundle. */
  write(folder: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Counts the events that are new; undefined for a bundle that keeps no past. Throws UserError EVENTS_BEFORE_HISTORY where features are to be
 * computed of an instant of which the past is not kept.
 */
export async function newHistory(bundle: Bundle, events: NewEvents): Promise<NewHistory | undefined> {
  const { folder, manifest } = bundle;
  const { history } = manifest;
  if (history === null) return undefined;
  const { lacking } = events;
  const { places, entity, item, timestampMs, label } = await freshEvents(bundle, events);
  const { cutoffMs } = history;
  const early = timestampMs.findIndex((ms) => ms < (cutoffMs ?? Number.NEGATIVE_INFINITY));
  if (lacking.length > 0 && early >= 0)
    throw tooEarly(entity[early]!, timestampMs[early]!, cutoffMs!, lacking);
  const past = await openPast(history, join(folder, BUNDLE_FILES.history));
  try {
    const rows = { entity, item, timestampMs };
    await past.addEvents(rows, label);
    const found = lacking.length === 0 ? new Map() : await past.values(lacking, rows);
    let last = cutoffMs;
    timestampMs.forEach((ms, row) => {
      if (!history.sampled || label[row] === 1) last = Math.max(last ?? ms, ms);
    });
    return {
      events: { ...events, pieces: () => withColumns(events, found, places) },
      history: { ...history, cutoffMs: last },
      write: (to) => past.write(join(to, BUNDLE_FILES.history), last),
      close: () => past.close(),
    };
  } catch (error) {
    await past.close();
    throw error;
  }
}

/** Events that the bundle does not hold, in the order in which they are read. */
export interface FreshEvents {
  /** Of every event read the place of it among these; −1 for the others. */
  readonly places: Int32Array;
  readonly entity: readonly string[];
  readonly item: readonly string[];
  readonly timestampMs: readonly number[];
  readonly label: readonly number[];
}

/** The new ones among the events. */
export async function freshEvents(
  bundle: Bundle,
  events: Pick<NewEvents, 'pieces' | 'rows'>,
): Promise<FreshEvents> {
  const places = new Int32Array(events.rows).fill(-1);
  const entity: string[] = [];
  const item: string[] = [];
  const timestampMs: number[] = [];
  const label: number[] = [];
  let before = 0;
  for await (const { ids, piece, starts, merged } of mergedEntities(bundle, events)) {
    const values = (name: string) => piece.columns.get(name)!.values;
    merged.forEach(({ fresh }, of) => {
      for (const event of fresh) {
        const row = starts[of]! + event;
        places[before + row] = entity.length;
        entity.push(ids[of]!);
        item.push(values('item')[row] as string);
        timestampMs.push(values('timestamp_ms')[row] as number);
        label.push(values('label')[row] as number);
      }
    });
    before += piece.rows;
  }
  return { places, entity, item, timestampMs, label };
}

async function* withColumns(
  events: NewEvents,
  found: RawColumns,
  places: Int32Array,
): AsyncGenerator<RawPiece> {
  let before = 0;
  for await (const { rows, columns } of events.pieces()) {
    const own = places.subarray(before, before + rows);
    const more = [...found].map(([name, column]) => [name, pickRows(column, own)] as const);
    yield { rows, columns: new Map([...columns, ...more]) };
    before += rows;
  }
}

const time = (ms: number): string => new Date(ms).toISOString();

const tooEarly = (entity: string, ms: number, cutoffMs: number, lacking: readonly string[]): UserError =>
  new UserError({
    code: 'EVENTS_BEFORE_HISTORY',
    where: `entity ${entity}`,
    what: `An event of ${time(ms)} is new, and the bundle has counted events up to ${time(cutoffMs)}: what was past before then is not kept.`,
    next: `Give its ${lacking.join(', ')} in columns, or prepare the log with it and export again. Nothing was changed.`,
  });

// Labelled events of a new day scored by a bundle, its vectors and counters as fresh as asked.
import { eventFeatures } from '../../bundle/format/raw-input.js';
import type { Bundle } from '../../bundle/open.js';
import { UserError } from '../../errors.js';
import { pickRows, type RawColumn, type RawColumns, rowsWithout } from '../../prepared/raw-column.js';
import type { Progress } from '../../progress.js';
import { type NewEvents, readNewEvents } from '../events/read-new-events.js';
import { type MergedEntities, mergedEntities } from '../merged-entities.js';
import { type FreshEvents, freshEvents, newHistory } from '../new-history.js';
import { scoreValues } from '../score-values.js';
import type { Freshness } from './freshness.js';
import { historyThen } from './history-then.js';
import { type ScoredEvent, vectorsThen } from './vectors-then.js';

const SCORED_AT_ONCE = 4096;

/** Scored events of whose entity (item) the bundle's tables hold none of the features that it reads of entities (items). */
export interface UnknownEvents {
  readonly entity: number;
  readonly item: number;
}

/** What one way to refresh gives, by event. */
interface ReplayedScores {
  readonly probability: Float64Array;
  /** Support rows that the vector rests on, and the time of the latest; NaN without any. */
  readonly support: Int32Array;
  readonly lastEventMs: Float64Array;
  readonly unknown: UnknownEvents;
}

export interface Replay {
  readonly events: Omit<FreshEvents, 'places'>;
  /** Rows that the log's descriptor leaves out, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly scores: ReadonlyMap<Freshness, ReplayedScores>;
}

/**
 * Scores every event once for each way to refresh. Features of entities and items are the bundle's. Throws UserError EVENTS_NOT_LATER for events
 * that the bundle's support may hold or lies after, and what `readNewEvents` throws.
 */
export async function replayEvents(
  bundle: Bundle,
  input: NodeJS.ReadableStream,
  name: string,
  ways: readonly Freshness[],
  progress: Progress,
): Promise<Replay> {
  const { manifest } = bundle;
  progress({ kind: 'stage', name: 'replay', detail: `${name} through ${bundle.folder}` });
  const inputs = { ...manifest.inputs, adapt: readInputs(bundle) };
  const events = await readNewEvents(input, name, { ...manifest, inputs });
  try {
    await requireLater(bundle, events, name);
    const fresh = await freshEvents(bundle, events);
    const past = await newHistory(bundle, events);
    try {
      const scores = new Map<Freshness, ReplayedScores>();
      for (const way of ways) {
        const then = await historyThen(bundle, fresh, events.lacking, way);
        scores.set(way, await scored(bundle, past?.events ?? events, fresh, then, way, progress));
      }
      const { places: _, ...rows } = fresh;
      return { events: rows, dropped: events.dropped, scores };
    } finally {
      await past?.close();
    }
  } finally {
    await events.close();
  }
}

/** A model that adapts nothing reads events all the same, to score them. */
const readInputs = ({ manifest: { inputs, adapt } }: Bundle) =>
  adapt === null ? inputs.score : inputs.adapt;

async function requireLater({ manifest }: Bundle, events: NewEvents, name: string): Promise<void> {
  const cutoffMs = Math.max(
    manifest.data.cutoffMs ?? Number.NEGATIVE_INFINITY,
    manifest.history?.cutoffMs ?? Number.NEGATIVE_INFINITY,
  );
  let early = 0;
  for await (const { columns } of events.pieces())
    for (const ms of columns.get('timestamp_ms')!.values as Float64Array) if (ms <= cutoffMs) early++;
  if (early === 0) return;
  throw new UserError({
    code: 'EVENTS_NOT_LATER',
    where: name,
    what: `${early} of ${events.rows} events are no later than ${new Date(cutoffMs).toISOString()}, the latest that the bundle has seen: its vectors would know what they are asked.`,
    next: 'Leave them out, or evaluate a bundle that was exported or refreshed before them.',
  });
}

async function scored(
  bundle: Bundle,
  events: NewEvents,
  fresh: FreshEvents,
  then: RawColumns,
  way: Freshness,
  progress: Progress,
): Promise<ReplayedScores> {
  const total = fresh.entity.length;
  const unknown = { entity: 0, item: 0 };
  const result: ReplayedScores = {
    probability: new Float64Array(total),
    support: new Int32Array(total),
    lastEventMs: new Float64Array(total).fill(Number.NaN),
    unknown,
  };
  let before = 0;
  let done = 0;
  for await (const part of mergedEntities(bundle, events, Number.POSITIVE_INFINITY)) {
    const rows = Int32Array.from(part.piece.columns.get('label')!.values.keys()).filter(
      (row) => fresh.places[before + row]! >= 0,
    );
    const places = rows.map((row) => fresh.places[before + row]!);
    const { values, without } = await valuesOf(bundle, part, rows, places, then);
    unknown.entity += without.entity;
    unknown.item += without.item;
    const found =
      bundle.manifest.adapt === null
        ? undefined
        : await vectorsThen(bundle, part, scoredEvents(part, rows), values, way);
    const probability = await scoreInTurns(bundle, values, rows.length, found?.vectors);
    places.forEach((place, i) => {
      result.probability[place] = probability[i]!;
      if (found === undefined) return;
      result.support[place] = found.support[i]!;
      result.lastEventMs[place] = found.lastEventMs[i]!;
    });
    before += part.piece.rows;
    done += rows.length;
    progress({ kind: 'step', done, total, unit: 'events', figures: { refresh: way } });
  }
  return result;
}

/** Raw values of the rows to score, and how many the tables know nothing of. `places`: of each among the columns of `then`. */
async function valuesOf(
  { manifest, store }: Bundle,
  { piece }: MergedEntities,
  rows: Int32Array,
  places: Int32Array,
  then: RawColumns,
): Promise<{ readonly values: RawColumns; readonly without: UnknownEvents }> {
  const values = new Map<string, RawColumn>();
  const without = { entity: 0, item: 0 };
  const names = ['entity', 'item', ...eventFeatures(manifest.inputs.score).map(({ name }) => name)];
  for (const name of names) {
    const counted = then.get(name);
    values.set(
      name,
      counted === undefined ? pickRows(piece.columns.get(name)!, rows) : pickRows(counted, places),
    );
  }
  for (const side of ['entity', 'item'] as const) {
    const found = await store.features(side, values.get(side)!.values as readonly string[]);
    for (const [name, column] of found) values.set(name, column);
    if (found.size > 0) without[side] = rowsWithout([...found.values()], rows.length);
  }
  return { values, without };
}

function scoredEvents({ piece, starts }: MergedEntities, rows: Int32Array): readonly ScoredEvent[] {
  const time = piece.columns.get('timestamp_ms')!.values as Float64Array;
  let place = 0;
  return Array.from(rows, (row) => {
    while (place + 1 < starts.length && starts[place + 1]! <= row) place++;
    return { place, timestampMs: time[row]! };
  });
}

async function scoreInTurns(
  bundle: Bundle,
  values: RawColumns,
  rows: number,
  vectors: Float32Array | undefined,
): Promise<Float32Array> {
  const probability = new Float32Array(rows);
  const size = bundle.manifest.model.dimensions ?? 0;
  for (let from = 0; from < rows; from += SCORED_AT_ONCE) {
    const to = Math.min(rows, from + SCORED_AT_ONCE);
    const some = Int32Array.from({ length: to - from }, (_, i) => from + i);
    const columns = new Map([...values].map(([name, column]) => [name, pickRows(column, some)] as const));
    const own = vectors?.subarray(from * size, to * size);
    probability.set(await scoreValues(bundle, columns, to - from, own), from);
  }
  return probability;
}

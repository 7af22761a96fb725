// The vectors of scored events, each adapted on what was known of its entity when it was scored.
import type { Bundle } from '../../bundle/open.js';
import { pickRows, type RawColumns } from '../../prepared/raw-column.js';
import { adaptPiece } from '../adapt-stored.js';
import { rowVectors } from '../entity-vectors.js';
import type { MergedEntities } from '../merged-entities.js';
import { type Freshness, knownBefore } from './freshness.js';

/** Support rows of one run over many tasks. */
const SUPPORT_ROWS = 50_000;

/** An event to score: of which entity among those of a part, and when. */
export interface ScoredEvent {
  readonly place: number;
  readonly timestampMs: number;
}

interface VectorsThen {
  /** [events × dimensions] */
  readonly vectors: Float32Array;
  /** Support rows that each rests on, and the time of the latest; NaN without any. */
  readonly support: Int32Array;
  readonly lastEventMs: Float64Array;
}

/** One adaptation, and the events that are scored with it. */
interface Task {
  readonly rows: readonly number[];
  readonly events: number[];
}

/**
 * @param part merged without a limit of rows: stored rows first, new ones by time
 * @param values raw values of the events' entities, which the prior of an unknown one is made of
 */
export async function vectorsThen(
  bundle: Bundle,
  part: MergedEntities,
  events: readonly ScoredEvent[],
  values: RawColumns,
  freshness: Freshness,
): Promise<VectorsThen> {
  const size = bundle.manifest.model.dimensions!;
  const time = part.all.columns.get('timestamp_ms')!.values as Float64Array;
  const result: VectorsThen = {
    vectors: new Float32Array(events.length * size),
    support: new Int32Array(events.length),
    lastEventMs: new Float64Array(events.length).fill(Number.NaN),
  };
  const tasks = new Map<string, Task>();
  const stored: number[] = [];
  events.forEach(({ place, timestampMs }, event) => {
    const known = supportThen(part, place, knownBefore(freshness, timestampMs), time);
    const rows = known.rows.slice(-bundle.manifest.model.maxSupport!);
    result.support[event] = rows.length;
    if (rows.length > 0) result.lastEventMs[event] = time[rows.at(-1)!]!;
    if (known.fresh === 0) {
      stored.push(event);
      return;
    }
    const key = `${place} ${known.fresh}`;
    const task = tasks.get(key);
    if (task === undefined) tasks.set(key, { rows, events: [event] });
    else task.events.push(event);
  });
  const put = (vectors: Float32Array, from: number, event: number): void =>
    result.vectors.set(vectors.subarray(from * size, (from + 1) * size), event * size);
  if (stored.length > 0) {
    const rows = Int32Array.from(stored);
    const own = new Map([...values].map(([name, column]) => [name, pickRows(column, rows)] as const));
    const { vectors } = await rowVectors(bundle, own.get('entity')!.values as readonly string[], own);
    stored.forEach((event, i) => {
      put(vectors, i, event);
    });
  }
  for (const some of inTurns([...tasks.values()])) {
    const rows = Int32Array.from(some.flatMap((task) => task.rows));
    let row = 0;
    const starts = some.map((task) => {
      const start = row;
      row += task.rows.length;
      return start;
    });
    const columns = [...part.all.columns].map(([name, column]) => [name, pickRows(column, rows)] as const);
    const { vectors } = await adaptPiece(bundle, { rows: rows.length, columns: new Map(columns) }, starts);
    some.forEach((task, i) => {
      for (const event of task.events) put(vectors, i, event);
    });
  }
  return result;
}

/** The rows of an entity that are known: all stored ones, and new ones before the instant; and how many are new. */
function supportThen(
  { merged, stored, starts, storedRows }: MergedEntities,
  place: number,
  before: number,
  time: Float64Array,
): { readonly rows: readonly number[]; readonly fresh: number } {
  const rows: number[] = [];
  let fresh = 0;
  for (const row of merged[place]!.rows) {
    const at = row < 0 ? storedRows + starts[place]! - 1 - row : stored[place]![0] + row;
    if (row < 0 && time[at]! >= before) continue;
    rows.push(at);
    if (row < 0) fresh++;
  }
  return { rows, fresh };
}

function* inTurns(tasks: readonly Task[]): Generator<readonly Task[]> {
  let some: Task[] = [];
  let rows = 0;
  for (const task of tasks) {
    some.push(task);
    rows += task.rows.length;
    if (rows < SUPPORT_ROWS) continue;
    yield some;
    some = [];
    rows = 0;
  }
  if (some.length > 0) yield some;
}

// An entity's stored support rows and new events of it, merged into the rows that it is adapted on.

/** Rows of one entity in order, by what tells events apart. */
export interface EventRows {
  readonly item: readonly string[];
  readonly timestampMs: ArrayLike<number>;
  readonly label: ArrayLike<number>;
}

export interface MergedSupport {
  /** The kept rows, oldest first: a row of what was stored as its place, of the events as −1 − its place. */
  readonly rows: readonly number[];
  /** Events that are new, by place, whether or not they are kept: neither stored nor cut off before. */
  readonly fresh: readonly number[];
  /** Events that were stored already. */
  readonly known: number;
}

/**
 * Events that agree with stored rows in item, time and label are those rows, as often as they are stored, so the same events may come twice.
 * Within `events` such rows are one where `once` says that prep drops repeated ones, else several. Of the merged rows the
 * latest `most` are kept; of equal times those that were stored come first, then events in their order. Where the stored rows
 * were as many as are kept, an event no later than the oldest of them is one that they were cut from before.
 */
export function mergeSupport(
  stored: EventRows,
  events: EventRows,
  most: number,
  once: boolean,
): MergedSupport {
  if (isLater(stored, events)) {
    const fresh = events.item.map((_item, row) => row);
    return { rows: joined(stored, fresh).slice(-most), fresh, known: 0 };
  }
  const left = new Map<string, number>();
  stored.item.forEach((_item, row) => {
    const key = keyOf(stored, row);
    left.set(key, (left.get(key) ?? 0) + 1);
  });
  const full = stored.item.length >= most;
  const seen = new Set(left.keys());
  const fresh: number[] = [];
  let known = 0;
  events.item.forEach((_item, row) => {
    const key = keyOf(events, row);
    const copies = left.get(key) ?? 0;
    if (copies > 0 || (once && seen.has(key))) {
      left.set(key, copies - 1);
      known++;
      return;
    }
    seen.add(key);
    if (full && events.timestampMs[row]! <= stored.timestampMs[0]!) return;
    fresh.push(row);
  });
  const rows = joined(stored, fresh);
  const time = (row: number): number => (row < 0 ? events.timestampMs[-1 - row]! : stored.timestampMs[row]!);
  // Sorting is stable: equal times stay as they were put together.
  rows.sort((a, b) => time(a) - time(b));
  return { rows: rows.slice(-most), fresh, known };
}

/** Stored rows, then events, as `MergedSupport.rows` has them. */
const joined = (stored: EventRows, fresh: readonly number[]): number[] => [
  ...stored.item.map((_item, row) => row),
  ...fresh.map((row) => -1 - row),
];

/** Whether every event is later than all before it: none can be a stored one, or another, and their order is that of time. */
function isLater(stored: EventRows, events: EventRows): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < stored.item.length; row++) last = Math.max(last, stored.timestampMs[row]!);
  for (let row = 0; row < events.item.length; row++) {
    if (!(events.timestampMs[row]! > last)) return false;
    last = events.timestampMs[row]!;
  }
  return true;
}

const keyOf = ({ item, timestampMs, label }: EventRows, row: number): string =>
  `${timestampMs[row]} ${label[row]} ${item[row]}`;

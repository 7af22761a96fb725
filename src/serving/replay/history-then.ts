// History features of new events as they were known when each was scored.
import { join } from 'node:path';
import { BUNDLE_FILES } from '../../bundle/format/files.js';
import type { Bundle } from '../../bundle/open.js';
import { openPast, type PastRows } from '../../prep/kept-past.js';
import { pickRows, type RawColumn, type RawColumns } from '../../prepared/raw-column.js';
import type { FreshEvents } from '../new-history.js';
import { type Freshness, knownBefore } from './freshness.js';

/** The features `names` of every event, from the bundle's past and the events that were known by then: its counters are as old as its vectors. */
export async function historyThen(
  { folder, manifest }: Bundle,
  events: FreshEvents,
  names: readonly string[],
  freshness: Freshness,
): Promise<RawColumns> {
  if (names.length === 0 || events.entity.length === 0) return new Map();
  const past = await openPast(manifest.history!, join(folder, BUNDLE_FILES.history));
  try {
    if (freshness === 'event') {
      await past.addEvents(events, events.label);
      return await past.values(names, events);
    }
    const columns = new Map(names.map((name) => [name, new Float64Array(events.entity.length)] as const));
    let known = Number.NEGATIVE_INFINITY;
    for (const [before, rows] of byInstant(events, freshness)) {
      const since = Int32Array.from(events.timestampMs.keys()).filter(
        (row) => events.timestampMs[row]! >= known && events.timestampMs[row]! < before,
      );
      if (since.length > 0)
        await past.addEvents(
          picked(events, since),
          Array.from(since, (row) => events.label[row]!),
        );
      known = Math.max(known, before);
      for (const [name, { values }] of await past.values(names, picked(events, rows)))
        rows.forEach((row, i) => {
          columns.get(name)![row] = values[i] as number;
        });
    }
    return new Map([...columns].map(([name, values]) => [name, { kind: 'number', values } as RawColumn]));
  } finally {
    await past.close();
  }
}

/** Events by the instant before which events were known to them, in the order of time. */
function byInstant(
  { timestampMs }: FreshEvents,
  freshness: Freshness,
): readonly (readonly [number, Int32Array])[] {
  const groups = new Map<number, number[]>();
  timestampMs.forEach((ms, row) => {
    const before = knownBefore(freshness, ms);
    const group = groups.get(before);
    if (group === undefined) groups.set(before, [row]);
    else group.push(row);
  });
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([before, rows]) => [before, Int32Array.from(rows)] as const);
}

function picked({ entity, item, timestampMs }: FreshEvents, rows: Int32Array): PastRows {
  const of = (values: readonly string[]): readonly string[] =>
    pickRows({ kind: 'text', values }, rows).values as readonly string[];
  return {
    entity: of(entity),
    item: of(item),
    timestampMs: Float64Array.from(rows, (row) => timestampMs[row]!),
  };
}

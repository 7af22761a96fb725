// The replayed log as shards of a prepared data set, one a part, and the vectors that its windows come to.
import type { EventShard } from '../../src/prepared/dataset.js';
import { SPLIT } from '../../src/prepared/format.js';
import { rolesAfter } from '../../src/scoring/learning-rows.js';
import { knownUnder, type Replay, replayWindows } from '../../src/scoring/replay.js';
import { lastN, supportPolicy } from '../../src/scoring/support.js';
import { scoredEpisodes } from '../../src/scoring/windows.js';
import type { Workload } from './arrays.js';

export const DAY_MS = 86_400_000;

export const replayRoles = rolesAfter({ refit: true });

export function replayOf({ numbers }: Pick<Workload, 'numbers'>): Replay {
  const { refreshMs } = numbers;
  return { refresh: refreshMs === 0 ? 'event' : refreshMs!, delayMs: 0 };
}

/** Part `part` of the log. Entities are numbered from 1. */
export function replayShard({ numbers, batches }: Workload, part: number): EventShard {
  const { before, scored, parts } = numbers as { before: number; scored: number; parts: number };
  const { items, days, ms, labels } = batches[0]!;
  const each = before + scored;
  const count = items!.shape[0]! / parts;
  const [from, rows] = [part * count * each, count * each];
  const first = 1 + part * count;
  return {
    rows,
    entities: Int32Array.from({ length: count }, (_, e) => first + e),
    offsets: Int32Array.from({ length: count + 1 }, (_, e) => e * each),
    entity: Int32Array.from({ length: rows }, (_, row) => first + Math.floor(row / each)),
    item: items!.data.slice(from, from + rows) as Int32Array,
    timestampMs: Float64Array.from(
      { length: rows },
      (_, row) => days!.data[from + row]! * DAY_MS + ms!.data[from + row]!,
    ),
    label: labels!.data.slice(from, from + rows) as Float32Array,
    split: Uint8Array.from({ length: rows }, (_, row) => (row % each < before ? SPLIT.train : SPLIT.test)),
    features: new Map(),
    truth: undefined,
  };
}

/** Vectors that are adapted, and the support rows of all of them. */
export function replayEpisodes(workload: Workload): {
  readonly vectors: number;
  readonly supportRows: number;
} {
  const times = replayOf(workload);
  const policy = supportPolicy(
    ...knownUnder(replayRoles, SPLIT.test, times),
    lastN(workload.numbers['maxSupport']!),
  );
  let [vectors, supportRows] = [0, 0];
  for (let part = 0; part < workload.numbers['parts']!; part++)
    for (const { support } of scoredEpisodes(
      replayShard(workload, part),
      SPLIT.test,
      policy,
      replayWindows(times),
    )) {
      vectors++;
      supportRows += support.length;
    }
  return { vectors, supportRows };
}

// Which segment each row belongs to, by everything that the recipe asks for.
import { UserError } from '../../errors.js';
import type { SegmentsConfig } from '../config/evaluation-config.js';
import type { ScoredRows } from '../rows/scored-rows.js';

const HOUR_MS = 3_600_000;

export interface SegmentKey {
  /** `historyLength`, `seen`, `itemEvents`, `sinceLast`, `vectorAge` or the name of a feature. */
  readonly by: string;
  /** Names of the segments in the order they are shown. */
  readonly values: readonly string[];
  /** [rows] index into `values` */
  readonly code: Uint8Array;
}

/** Everything by which rows are put into segments. Throws `UserError` when a feature named in the recipe is not among the scored groups. */
export function segmentKeys(scored: ScoredRows, config: SegmentsConfig): SegmentKey[] {
  return [
    byCount('historyLength', scored.historyLength, config.historyLength),
    bySeen(scored.historyLength),
    ...(scored.itemEvents === undefined ? [] : [byCount('itemEvents', scored.itemEvents, config.itemEvents)]),
    byTime('sinceLast', scored.sinceLastMs, config.sinceLastHours),
    ...(scored.vectorAgeMs === undefined
      ? []
      : [byTime('vectorAge', scored.vectorAgeMs, config.vectorAgeHours)]),
    ...config.features.map((feature) => {
      const values = scored.groups.get(feature);
      if (values === undefined)
        throw new UserError({
          code: 'EVAL_UNKNOWN_SEGMENT_FEATURE',
          where: `evaluation.segments.features › ${feature}`,
          what: `There is no categorical feature "${feature}" on the evaluated rows.`,
          next: `Known: ${[...scored.groups.keys()].join(', ') || 'none'}.`,
        });
      return byFeature(feature, values, config.maxValues);
    }),
  ];
}

/** Buckets of an integer by upper edges [0, 5, 20]: 0 | 1-5 | 6-20 | >20. */
export function byCount(by: string, counts: Int32Array, edges: readonly number[]): SegmentKey {
  const values = edges.map((edge, i) => {
    const from = i === 0 ? 0 : edges[i - 1]! + 1;
    return from === edge ? `${edge}` : `${from}-${edge}`;
  });
  if (edges.length > 0) values.push(`>${edges[edges.length - 1]}`);
  else values.push('all');
  return {
    by,
    values,
    code: codes(counts.length, (row) => countBelow(edges, counts[row]!)),
  };
}

/** `new`: nothing of the entity was known when it was scored. */
function bySeen(lengths: Int32Array): SegmentKey {
  return {
    by: 'seen',
    values: ['seen', 'new'],
    code: codes(lengths.length, (row) => (lengths[row]! > 0 ? 0 : 1)),
  };
}

/** Buckets of a time in milliseconds by edges in hours; `never` where it is NaN. */
function byTime(by: string, times: Float64Array, hours: readonly number[]): SegmentKey {
  const names = hours.map(hoursText);
  const values = names.map((name, i) => (i === 0 ? `<=${name}` : `${names[i - 1]}-${name}`));
  values.push(names.length > 0 ? `>${names[names.length - 1]}` : 'any', 'never');
  const edges = hours.map((hour) => hour * HOUR_MS);
  const code = codes(times.length, (row) =>
    Number.isNaN(times[row]!) ? values.length - 1 : countBelow(edges, times[row]!),
  );
  return { by, values, code };
}

function hoursText(hours: number): string {
  return hours >= 24 && hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}

/** The most frequent values, ties by name, and one segment for the rest. */
function byFeature(by: string, texts: readonly string[], most: number): SegmentKey {
  const rows = new Map<string, number>();
  for (const text of texts) rows.set(text, (rows.get(text) ?? 0) + 1);
  const ranked = [...rows].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text);
  const kept = ranked.slice(0, most);
  const number = new Map(ranked.map((text, i) => [text, Math.min(i, most)]));
  const values = kept.map((text) => (text === '' ? '(unknown)' : text));
  const rest = ranked.length - kept.length;
  if (rest > 0) values.push(`(${rest} other values)`);
  return { by, values, code: codes(texts.length, (row) => number.get(texts[row]!)!) };
}

function codes(rows: number, of: (row: number) => number): Uint8Array {
  const code = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) code[row] = of(row);
  return code;
}

/** Number of edges that lie below a value: the bucket (edge, next edge]. */
function countBelow(edges: readonly number[], value: number): number {
  let count = 0;
  while (count < edges.length && edges[count]! < value) count++;
  return count;
}

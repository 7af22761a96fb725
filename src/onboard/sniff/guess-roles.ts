// Which columns are time, label, entity and item: by name where the names speak, by values where they do not.
import type { ColumnFacts, TimeReading } from './column-facts.js';
import { nameScore, type SniffedRole } from './column-words.js';

export interface Guess {
  readonly what: SniffedRole;
  /** null: nothing fits. */
  readonly column: string | null;
  readonly confidence: 'sure' | 'likely' | 'guess';
  readonly reason: string;
}

export interface GuessedRoles {
  readonly entity: ColumnFacts | undefined;
  readonly item: ColumnFacts | undefined;
  readonly timestamp: (ColumnFacts & { readonly time: TimeReading }) | undefined;
  readonly label: ColumnFacts | undefined;
  readonly guesses: readonly Guess[];
}

/** Pure. Time and label are looked for first, as their values tell most. */
export function guessRoles(columns: readonly ColumnFacts[]): GuessedRoles {
  const guesses: Guess[] = [];
  const taken = new Set<ColumnFacts>();
  const pick = (
    what: SniffedRole,
    score: (column: ColumnFacts) => number,
    reason: (column: ColumnFacts) => string,
    none: string,
  ): ColumnFacts | undefined => {
    const best = bestOf(
      columns.filter((column) => !taken.has(column)),
      score,
    );
    if (best === undefined) {
      guesses.push({ what, column: null, confidence: 'guess', reason: none });
      return undefined;
    }
    taken.add(best.column);
    const named = nameScore(best.column.name, what);
    const doubtful = (what === 'entity' || what === 'item') && best.score < 2 * named;
    const confidence = doubtful || named === 0 ? 'guess' : named >= 2 ? 'sure' : 'likely';
    guesses.push({ what, column: best.column.name, confidence, reason: reason(best.column) });
    return best.column;
  };
  const named = (what: SniffedRole, column: ColumnFacts): string =>
    nameScore(column.name, what) > 0 ? 'its name says so; ' : '';

  const timestamp = pick(
    'timestamp',
    timeScore,
    (column) => `${named('timestamp', column)}${timeReason(column)}`,
    'no column holds times: the order of rows stands for them',
  );
  const label = pick(
    'label',
    labelScore,
    (column) =>
      `${named('label', column)}${column.distinct} different values from ${column.min} to ${column.max}`,
    'no column looks like a click or a rating: every row is taken for a positive',
  );
  const id = (what: 'entity' | 'item') =>
    pick(
      what,
      (column) => idScore(column, what),
      (column) => `${named(what, column)}${column.distinct} different values in ${column.values.length} rows`,
      'no column looks like an id',
    );
  const entity = id('entity');
  const item = id('item');
  const time =
    timestamp === undefined ? undefined : { ...timestamp, time: timestamp.time ?? ({ unit: 's' } as const) };
  return { entity, item, timestamp: time, label, guesses };
}

function bestOf(
  columns: readonly ColumnFacts[],
  score: (column: ColumnFacts) => number,
): { readonly column: ColumnFacts; readonly score: number } | undefined {
  let best: { column: ColumnFacts; score: number } | undefined;
  for (const column of columns) {
    const own = score(column);
    if (own > 0 && (best === undefined || own > best.score)) best = { column, score: own };
  }
  return best;
}

/** Values that are times count most; of several, the finest, then the best name. A good name with whole numbers will do. */
function timeScore(column: ColumnFacts): number {
  const named = nameScore(column.name, 'timestamp');
  if (column.time === undefined) return named >= 2.8 && column.whole && column.min >= 0 ? named : 0;
  const finer = column.distinct / Math.max(1, column.values.length);
  return 5 + named + 3 * finer;
}

function timeReason(column: ColumnFacts): string {
  if (column.time === undefined) return 'whole numbers that are no dates, taken for seconds from a start';
  const { time } = column;
  if (time.unit === 'format') return `values like ${column.values[0]} read as ${time.format}`;
  return time.unit === 'iso' ? 'ISO dates' : `values like ${column.values[0]} are dates in ${time.unit}`;
}

/** Few numbers: 0/1, true/false, or a scale of at most eleven steps (twenty with halves). */
function labelScore(column: ColumnFacts): number {
  if (column.distinct < 2) return 0;
  const named = nameScore(column.name, 'label');
  const texts = new Set(column.values.map((value) => value.toLowerCase()));
  const binary =
    texts.size === 2 && ['0,1', '-1,1', 'false,true', '0.0,1.0'].includes([...texts].sort().join(','));
  const scale = column.numeric && column.distinct <= 21 && column.min >= 0 && column.max <= 10;
  if (!binary && !scale) return 0;
  if (named >= 2) return 4 + named;
  const unnamed = /^column_\d+$/.test(column.name);
  if (!unnamed) return named > 0 && binary ? 1 + named : 0;
  // Without names the usual order tells: member, item, rating, time.
  return binary ? 2 : column.index < 2 ? 0.5 : 1;
}

/** Ids that are too few to be members or items, in so many rows. */
const FEW_IDS = 5;
const MANY_ROWS = 200;

function idScore(column: ColumnFacts, what: 'entity' | 'item'): number {
  if (column.distinct < 2 || column.separator !== undefined || (column.numeric && !column.whole)) return 0;
  // An object of JSON has its parts, not an id.
  if (column.values[0]?.startsWith('{')) return 0;
  const named = nameScore(column.name, what);
  // A handful of values in many rows is a channel or a device, whatever its name; and an id is hardly ever missing.
  const few = column.distinct <= FEW_IDS && column.values.length >= MANY_ROWS;
  const gaps = column.values.length < 0.95 * column.cells.length;
  if (named > 0) return (2 * named) / (few ? 10 : 1) / (gaps ? 2 : 1);
  // Without names: ids come first, the member's before the item's, and neither names single rows.
  const unnamed = /^column_\d+$/.test(column.name);
  const repeats = column.distinct <= 0.9 * column.values.length;
  return unnamed && repeats && column.distinct > 5 ? 1 - column.index / 1000 : 0;
}

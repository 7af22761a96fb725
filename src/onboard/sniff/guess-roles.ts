// Which columns are time, label, entity and item: by name where the names speak, by values where they do not, and never by default.
import type { ColumnFacts } from './column-facts.js';
import { nameScore, OWN_NAME, type SniffedRole } from './column-words.js';
import { idScore, isDoubtfulId, isFew, isUnnamed, mayBeId } from './id-columns.js';
import { isOfClicks, isYesOrNo, type LabelReading, readLabel } from './label-reading.js';
import type { TimeReading } from './read-times.js';
import { todoText } from './unsettled-roles.js';

interface Guess {
  readonly what: SniffedRole;
  /** null: nothing fits for sure, and a person must say. */
  readonly column: string | null;
  readonly confidence: 'sure' | 'likely' | 'guess';
  readonly reason: string;
}

export interface GuessedRoles {
  readonly entity: ColumnFacts | undefined;
  readonly item: ColumnFacts | undefined;
  readonly timestamp: (ColumnFacts & { readonly time: TimeReading }) | undefined;
  readonly label: (ColumnFacts & { readonly reading: LabelReading }) | undefined;
  readonly guesses: readonly Guess[];
  /** What stands in the descriptor for a role that is not settled: it names the columns that may be meant. */
  readonly todos: Readonly<Partial<Record<SniffedRole, string>>>;
  /** Columns that may be meant by a role that is not settled: no features. */
  readonly candidates: readonly ColumnFacts[];
}

/** Columns up to which the order of columns without names says what they are. */
const MOST_UNNAMED = 8;
/** Share of a label's cells that may be empty before it is asked what an empty one means. */
const LABEL_GAPS = 0.1;

/** Names of columns that say what a member did: a label, once someone says which of it is a click. */
const ACTION_NAME = /^(event|action|interaction|behaviou?r|feedback)([ _-]?(type|name|kind))?$/i;

/** Pure. Time and label are looked for first, as their values tell most. */
export function guessRoles(all: readonly ColumnFacts[]): GuessedRoles {
  const columns = all.filter(({ nameable }) => nameable);
  const guesses: Guess[] = [];
  const todos: Partial<Record<SniffedRole, string>> = {};
  const candidates: ColumnFacts[] = [];
  const taken = new Set<ColumnFacts>();
  const free = (): readonly ColumnFacts[] => columns.filter((column) => !taken.has(column));
  const leaveOpen = (
    what: SniffedRole,
    meant: readonly ColumnFacts[],
    repeated: readonly ColumnFacts[],
  ): undefined => {
    const text = todoText(what, meant, repeated);
    todos[what] = `TODO ${text}`;
    candidates.push(...meant);
    guesses.push({ what, column: null, confidence: 'guess', reason: text });
  };
  const assign = (what: SniffedRole, column: ColumnFacts, doubtful: boolean, reason: string): void => {
    taken.add(column);
    const named = nameScore(column.name, what);
    const confidence = doubtful || named === 0 ? 'guess' : named >= OWN_NAME ? 'sure' : 'likely';
    const why = named > 0 ? `its name says so; ${reason}` : reason;
    guesses.push({ what, column: column.name, confidence, reason: why });
  };
  /** Columns of the role's own name that the descriptor cannot name: without a name of their own. */
  const repeatedOf = (what: SniffedRole): readonly ColumnFacts[] =>
    all.filter(({ nameable, name }) => !nameable && nameScore(name, what) >= OWN_NAME);

  /** Of whatever name: what reads as yes and no, or as IDs, may be the role that is not found, and never a feature then. */
  const alike = (what: SniffedRole) =>
    what === 'timestamp' ? [] : free().filter(what === 'label' ? saysYesOrNo : mayBeId);

  const pick = (
    what: SniffedRole,
    score: (column: ColumnFacts) => number,
    reads: (column: ColumnFacts) => boolean,
    reason: (column: ColumnFacts) => string,
  ): ColumnFacts | undefined => {
    const best = bestOf(free(), score);
    const named = free().filter(
      ({ name }) => nameScore(name, what) > 0 || (what === 'label' && ACTION_NAME.test(name)),
    );
    const own = named.filter((column) => nameScore(column.name, what) >= OWN_NAME);
    const unread = own.find(
      (column) =>
        !reads(column) &&
        nameScore(column.name, what) > (best === undefined ? 0 : nameScore(best.column.name, what)),
    );
    // A column of the right name that cannot be read is the likelier one: another must not slip into its place.
    if (best === undefined || unread !== undefined || !reads(best.column))
      return leaveOpen(
        what,
        [...new Set([...named, ...(best === undefined ? [] : [best.column]), ...alike(what)])],
        repeatedOf(what),
      );
    assign(what, best.column, isDoubtfulId(what, best), reason(best.column));
    return best.column;
  };

  const timestamp = pick('timestamp', timeScore, (column) => timeOf(column) !== undefined, timeReason);
  const label = pick('label', labelScore, (column) => labelOf(column) !== undefined, labelReason);
  const idReason = (column: ColumnFacts): string =>
    `${column.distinct} different values in ${column.values.length} rows${column.pointZero ? '; 3.0 is 3 there' : ''}${missingNote(column)}`;
  const id = (what: 'entity' | 'item') =>
    pick(
      what,
      (column) => (isUnnamed(column) && all.length > MOST_UNNAMED ? 0 : idScore(column, what)),
      (column) => !isFew(column),
      idReason,
    );
  const entity = id('entity');
  const item = id('item');
  return {
    entity,
    item,
    timestamp: timestamp === undefined ? undefined : { ...timestamp, time: timeOf(timestamp)! },
    label: label === undefined ? undefined : { ...label, reading: labelOf(label)! },
    guesses,
    todos,
    candidates,
  };
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

const exceptionNote = (
  { exceptions, example }: { exceptions: number; example: string | undefined },
  all: number,
): string =>
  exceptions === 0
    ? ''
    : `; ${exceptions} of ${all} values looked at cannot be read, for example "${example}": prep names their lines`;

function missingNote(column: ColumnFacts): string {
  const words = [...column.missingWords].map(([word, n]) => `"${word}" in ${n} rows`);
  return words.length === 0 ? '' : `; ${words.join(', ')} taken for no value`;
}

/** Whether a name belongs to a role whose numbers could pass for times. */
const isId = (name: string): boolean =>
  nameScore(name, 'timestamp') === 0 &&
  (nameScore(name, 'entity') >= OWN_NAME || nameScore(name, 'item') >= OWN_NAME);

/** A reading that no other contradicts. Whole numbers that are no dates count from a start, under a name that says time. */
function timeOf(column: ColumnFacts): TimeReading | undefined {
  if (column.time !== undefined) return column.time.ambiguous === undefined ? column.time : undefined;
  // What counts from a start begins near 0; days of a spreadsheet or hours since 1970 do not.
  const isFromStart = column.min >= 0 && column.min <= column.max - column.min;
  const fromStart = nameScore(column.name, 'timestamp') >= 2.8 && column.whole && isFromStart;
  return fromStart && column.distinct > 0 ? { unit: 's', exceptions: 0, example: undefined } : undefined;
}

/** Values that are times count most; of several, the finest, then the best name. */
function timeScore(column: ColumnFacts): number {
  const named = nameScore(column.name, 'timestamp');
  if (column.time === undefined) return timeOf(column) === undefined ? 0 : named;
  if (isId(column.name)) return 0;
  const finer = column.distinct / Math.max(1, column.values.length);
  return 5 + named + 3 * finer;
}

function timeReason(column: ColumnFacts): string {
  const time = timeOf(column)!;
  const [first] = column.values;
  const words =
    column.time === undefined
      ? 'whole numbers that are no dates, taken for seconds from a start'
      : time.unit === 'format'
        ? `values like ${first} read as ${time.format}`
        : time.unit === 'iso'
          ? 'ISO dates'
          : `values like ${first} are dates in ${time.unit}`;
  // A number that is another date is a time to prep all the same.
  const isRead = time.unit !== 'iso' && time.unit !== 'format' && Number.isFinite(Number(time.example));
  const exceptions =
    time.exceptions > 0 && isRead
      ? `; ${time.exceptions} of ${column.values.length} lie far from the others, for example "${time.example}": a number may stand for no time`
      : exceptionNote(time, column.values.length);
  return `${words}${exceptions}${missingNote(column)}`;
}

/** A label's reading; undefined too where so many cells are empty that they must mean something. */
export function labelOf(column: ColumnFacts): LabelReading | undefined {
  const gaps = column.cells.length - column.values.length;
  return gaps > LABEL_GAPS * column.cells.length ? undefined : readLabel(column);
}

const saysYesOrNo = (column: ColumnFacts): boolean => !isUnnamed(column) && isYesOrNo(labelOf(column));

/** By name, where the values can be labels; without names by the usual order: member, item, rating, time. */
function labelScore(column: ColumnFacts): number {
  const reading = labelOf(column);
  if (reading === undefined || column.distinct === 0) return 0;
  const named = nameScore(column.name, 'label');
  if (named >= OWN_NAME) return 4 + named - (reading.oneClass ? 3 : 0);
  if (reading.oneClass) return 0;
  const { kind } = reading.label;
  if (!isUnnamed(column)) {
    if (named > 0 && kind !== 'threshold') return 1 + named;
    return isOfClicks(reading) ? 0.8 : 0;
  }
  return kind !== 'threshold' ? 2 : column.index < 2 ? 0.5 : 1;
}

function labelReason(column: ColumnFacts): string {
  const { label, oneClass, ...exceptions } = labelOf(column)!;
  const words =
    label.kind === 'values'
      ? `${label.positive.join(', ')} ${label.positive.length > 1 ? 'are clicks' : 'is a click'}${label.negative.length > 0 ? `, ${label.negative.join(', ')} none` : ''}`
      : `${column.distinct} different values from ${column.min === Number.POSITIVE_INFINITY ? 'false to true' : `${column.min} to ${column.max}`}`;
  const alone = oneClass
    ? `; every value looked at is "${column.values[0]}": nothing can be learned from such rows`
    : '';
  return `${words}${alone}${exceptionNote(exceptions, column.values.length)}${missingNote(column)}`;
}

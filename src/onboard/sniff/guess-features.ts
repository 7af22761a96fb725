// What the remaining columns could be as features, and which of them had better not be one.

import type { WrittenNumber } from '../../prep/load/numbers.js';
import { LIST_MARK } from '../../prep/sources/nested-values.js';
import { EVENT_COLUMNS, SIDE_COLUMNS } from '../../prepared/format.js';
import type { ColumnFacts } from './column-facts.js';
import { nameScore, soundsLikeOutcome, words } from './column-words.js';
import type { GuessedRoles } from './guess-roles.js';
import { rankAuc } from './rank-auc.js';

export interface GuessedFeature {
  readonly name: string;
  readonly column: string;
  readonly side: 'entity' | 'item' | 'event';
  readonly kind: 'categorical' | 'multi' | 'numeric';
  readonly separator?: string;
  readonly log?: boolean;
  readonly written?: WrittenNumber;
  /** Words for "no value" among its values. */
  readonly missing?: readonly string[];
  /** What a person should know of a feature that is used. */
  readonly remark?: string;
  /** Why it is only written as a comment; undefined for a feature that is used. */
  readonly leftOut?: string;
}

/** A whole number with more values than this is a quantity, not a code. */
const MOST_CODES = 50;
/** Repeated rows of one entity (item) that must agree before a column is taken for the entity's (item's) own. */
const ENOUGH_REPEATS = 20;

/** One guess a column that has no role, in file order. */
export function guessFeatures(
  columns: readonly ColumnFacts[],
  roles: GuessedRoles,
): readonly GuessedFeature[] {
  const taken = [roles.entity, roles.item, roles.timestamp, roles.label].map((role) => role?.index);
  const names = new Set<string>();
  return columns
    .filter((column) => !taken.includes(column.index))
    .map((column) => {
      const side = ownerOf(column, roles);
      const name = featureName(column, side, names);
      names.add(name);
      return guessFeature(name, column, side, roles);
    });
}

function guessFeature(
  name: string,
  column: ColumnFacts,
  side: GuessedFeature['side'],
  roles: GuessedRoles,
): GuessedFeature {
  const leftOut = reasonAgainst(column, roles);
  const remark = remarkOn(column);
  const common = {
    name,
    column: column.name,
    side,
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(remark === undefined ? {} : { remark }),
  };
  // A list of the format needs no separator.
  if (column.separator === LIST_MARK) return { ...common, kind: 'multi' };
  if (column.separator !== undefined) return { ...common, kind: 'multi', separator: column.separator };
  const { number } = column;
  if (number !== undefined && (!column.whole || column.distinct > MOST_CODES))
    return {
      ...common,
      kind: 'numeric',
      log: column.min >= 0 && column.max > 1000,
      ...(number.written === undefined ? {} : { written: number.written }),
      ...(column.missingWords.size === 0 ? {} : { missing: [...column.missingWords.keys()] }),
    };
  return { ...common, kind: 'categorical' };
}

function remarkOn(column: ColumnFacts): string | undefined {
  const { number, variants, missingWords, values } = column;
  const remarks = [
    number !== undefined && number.exceptions > 0
      ? `${number.exceptions} of ${values.length} values looked at are no number, for example "${number.example}": prep names their lines`
      : undefined,
    number?.written === undefined ? undefined : `numbers are written like "${values[0]}"`,
    missingWords.size === 0
      ? undefined
      : `${[...missingWords].map(([word, n]) => `"${word}" in ${n} rows`).join(', ')} usually means that there is no value`,
    variants === undefined ? undefined : `"${variants[0]}" and "${variants[1]}" are two values`,
  ].filter((remark) => remark !== undefined);
  return remarks.length === 0 ? undefined : remarks.join('; ');
}

function reasonAgainst(column: ColumnFacts, roles: GuessedRoles): string | undefined {
  if (column.distinct === 0) return 'has no values in the rows looked at';
  if (column.name === '') return 'has no name in the header';
  if (!column.nameable) return 'has the name of another column: rename one in the header';
  if (roles.candidates.includes(column)) return 'may be what is still to be settled above';
  if (soundsLikeOutcome(column.name) || nameScore(column.name, 'label') >= 2)
    return 'sounds like something known only after the event';
  if (column.vector) return 'is a vector: name its parts as columns of their own';
  if (column.number?.ambiguous === true)
    return `is written like "${column.values[0]}", which may be two numbers: say which by "written"`;
  if (column.distinct === 1) return `is "${column.values[0]}" in every row looked at`;
  if (column.time !== undefined) return 'is a time';
  const auc = aucAlone(column, roles.label);
  if (auc >= 0.95) return `predicts the label almost alone (AUC ${auc.toFixed(2)})`;
  if (isRowNumber(column)) return 'counts the rows';
  const longest = column.values.reduce((most, value) => Math.max(most, value.length), 0);
  if (
    column.number === undefined &&
    column.separator === undefined &&
    (longest > 60 || column.distinct > 0.9 * column.values.length)
  )
    return 'has a value of its own in nearly every row';
  return undefined;
}

/** Whole numbers that go up from row to row: an index that a program wrote. */
function isRowNumber(column: ColumnFacts): boolean {
  const numbers = column.number?.numbers ?? [];
  return (
    column.whole &&
    numbers.length > 20 &&
    numbers.every((value, row) => row === 0 || value > numbers[row - 1]!)
  );
}

/** AUC of the label by a numeric column, the better direction; 0.5 where it cannot be told. */
function aucAlone(column: ColumnFacts, label: GuessedRoles['label']): number {
  if (label === undefined || column.number === undefined || label.reading.oneClass) return 0.5;
  const { label: reading } = label.reading;
  const isClick = (cell: string): boolean => {
    if (reading.kind === 'threshold') return Number(cell) >= reading.threshold;
    if (reading.kind === 'values') return reading.positive.includes(cell);
    return Number(cell) === 1 || cell.toLowerCase() === 'true';
  };
  const clicks = label.cells.map((cell) => Number(isClick(cell)));
  const { numbers } = column.number;
  let next = 0;
  const scores = column.cells.map((cell) => {
    const score = cell === '' || column.missingWords.has(cell) ? Number.NaN : numbers[next++]!;
    return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
  });
  const auc = rankAuc(scores, clicks);
  return Number.isNaN(auc) ? 0.5 : Math.max(auc, 1 - auc);
}

/** The side whose rows never disagree on the column; the event where both do, or where too little was seen. */
function ownerOf(column: ColumnFacts, roles: GuessedRoles): GuessedFeature['side'] {
  if (column.distinct < 2) return 'event';
  for (const side of ['entity', 'item'] as const) {
    const ids = roles[side]?.cells;
    if (ids === undefined) continue;
    const known = new Map<string, string>();
    let repeats = 0;
    const agree = ids.every((id, row) => {
      const cell = column.cells[row]!;
      const before = known.get(id);
      known.set(id, cell);
      if (before !== undefined) repeats++;
      return before === undefined || before === cell;
    });
    if (agree && repeats >= ENOUGH_REPEATS) return side;
  }
  return 'event';
}

function featureName(column: ColumnFacts, side: GuessedFeature['side'], names: ReadonlySet<string>): string {
  const plain = words(column.name)
    .join('_')
    .normalize('NFD')
    .replace(/[^a-z0-9_]/g, '');
  const lettered = /^[a-z]/.test(plain) ? plain : `f_${plain || column.index + 1}`;
  const reserved = side === 'event' ? EVENT_COLUMNS : [...EVENT_COLUMNS, ...SIDE_COLUMNS];
  const free = reserved.includes(lettered) ? `${side}_${lettered}` : lettered;
  let name = free;
  for (let n = 2; names.has(name); n++) name = `${free}_${n}`;
  return name;
}

// What the remaining columns could be as features, and which of them had better not be one.

import { LIST_MARK as LIST_SEPARATOR } from '../../prep/sources/nested-values.js';
import { EVENT_COLUMNS, SIDE_COLUMNS } from '../../prepared/format.js';
import type { ColumnFacts } from './column-facts.js';
import { soundsLikeOutcome, words } from './column-words.js';
import type { GuessedRoles } from './guess-roles.js';
import { rankAuc } from './rank-auc.js';

export interface GuessedFeature {
  readonly name: string;
  readonly column: string;
  readonly side: 'entity' | 'item' | 'event';
  readonly kind: 'categorical' | 'multi' | 'numeric';
  readonly separator?: string;
  readonly log?: boolean;
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
  const common = { name, column: column.name, side, ...(leftOut === undefined ? {} : { leftOut }) };
  if (column.separator !== undefined)
    return {
      ...common,
      kind: 'multi',
      separator: column.separator === LIST_SEPARATOR ? '|' : column.separator,
    };
  if (column.numeric && (!column.whole || column.distinct > MOST_CODES))
    return { ...common, kind: 'numeric', log: column.min >= 0 && column.max > 1000 };
  return { ...common, kind: 'categorical' };
}

function reasonAgainst(column: ColumnFacts, roles: GuessedRoles): string | undefined {
  if (column.distinct === 0) return 'has no values in the rows looked at';
  if (soundsLikeOutcome(column.name)) return 'sounds like something known only after the event';
  if (column.distinct === 1) return `is "${column.values[0]}" in every row looked at`;
  if (column.time !== undefined) return 'is a time';
  const auc = aucAlone(column, roles.label);
  if (auc >= 0.95) return `predicts the label almost alone (AUC ${auc.toFixed(2)})`;
  const longest = Math.max(...column.values.map((value) => value.length));
  if (!column.numeric && (longest > 60 || column.distinct > 0.9 * column.values.length))
    return 'has a value of its own in nearly every row';
  return undefined;
}

/** AUC of a 0/1 label by a numeric column, the better direction; 0.5 where it cannot be told. */
function aucAlone(column: ColumnFacts, label: ColumnFacts | undefined): number {
  if (label === undefined || !column.numeric || label.distinct !== 2) return 0.5;
  const positive = ['1', '1.0', 'true'];
  const clicks = label.cells.map((cell) => (positive.includes(cell.toLowerCase()) ? 1 : 0));
  const scores = column.cells.map((cell) => (cell === '' ? Number.NEGATIVE_INFINITY : Number(cell)));
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

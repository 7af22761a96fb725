// Columns that name members or items: by their names, by their order where there are none, and by values alone where a person must say.
import type { ColumnFacts } from './column-facts.js';
import { nameScore, type SniffedRole } from './column-words.js';

/** Ids that are too few to be members or items, in so many rows. */
const FEW_IDS = 5;
const MANY_ROWS = 200;
export const isFew = (column: ColumnFacts): boolean =>
  column.distinct <= FEW_IDS && column.values.length >= MANY_ROWS;

export function idScore(column: ColumnFacts, what: 'entity' | 'item'): number {
  if (column.distinct < 2 || column.separator !== undefined || (column.number !== undefined && !column.whole))
    return 0;
  const named = nameScore(column.name, what);
  // A handful of values in many rows is a channel or a device, whatever its name; and an id is hardly ever missing.
  const gaps = column.values.length < 0.95 * column.cells.length;
  if (named > 0) return (2 * named) / (isFew(column) ? 10 : 1) / (gaps ? 2 : 1);
  // Without names: ids come first, the member's before the item's, and neither names single rows.
  const repeats = column.distinct <= 0.9 * column.values.length;
  return isUnnamed(column) && repeats && column.distinct > 5 ? 1 - column.index / 1000 : 0;
}

export function isDoubtfulId(
  what: SniffedRole,
  best: { readonly column: ColumnFacts; readonly score: number },
): boolean {
  return (what === 'entity' || what === 'item') && best.score < 2 * nameScore(best.column.name, what);
}

/** Whether its values could be IDs, whatever its name is: texts or whole numbers, many of them, that come again. */
export function mayBeId(column: ColumnFacts): boolean {
  const { number, whole, separator, time, distinct, values, cells } = column;
  const isWritten = number !== undefined && (!whole || number.written !== undefined);
  if (isUnnamed(column) || isWritten || separator !== undefined || time !== undefined) return false;
  const isWhole = values.length >= 0.95 * cells.length;
  return isWhole && !isFew(column) && distinct > FEW_IDS && distinct <= 0.9 * values.length;
}

export const isUnnamed = (column: ColumnFacts): boolean => /^(column_)?\d+$/.test(column.name);

// How the text of an ID comes from what the file holds: several columns joined so that none can be taken for another, whole numbers bare.
import { quoted } from '../../database/sql.js';
import type { ColumnsDescriptor } from '../descriptor/columns.js';

/** Between the parts of an ID of several columns. */
const BETWEEN = '|';
/** Before a `|` or itself inside a part: ("a|b", "c") and ("a", "b|c") are two IDs. */
const ESCAPE = '\\';

/** A whole number, with or without a fraction of nothing. */
const WHOLE = '[+-]?\\d+(\\.0*)?';

/** What an ID is not under `ids: whole`. */
export const NOT_WHOLE = 'not a whole number, as "ids: whole" declares IDs to be';

/** SQL of the ID that several present parts are together; NULL where one is missing. */
export function joinedId(parts: readonly string[]): string {
  if (parts.length === 1) return parts[0]!;
  const escaped = parts.map((part) => {
    const doubled = `replace(${part}, ${quoted(ESCAPE)}, ${quoted(ESCAPE + ESCAPE)})`;
    const marked = `replace(${doubled}, ${quoted(BETWEEN)}, ${quoted(ESCAPE + BETWEEN)})`;
    const special = `contains(${part}, ${quoted(BETWEEN)}) OR contains(${part}, ${quoted(ESCAPE)})`;
    return `CASE WHEN ${special} THEN ${marked} ELSE ${part} END`;
  });
  return escaped.join(` || ${quoted(BETWEEN)} || `);
}

/** Whether the IDs of a side are declared to be whole numbers. */
export const isWhole = (ids: ColumnsDescriptor['ids'], side: 'entity' | 'item'): boolean =>
  ids === 'whole' || ids?.[side] === 'whole';

/** SQL of one present part of an ID as the descriptor's `ids` wants those of the side, and the condition under which it is none. */
export function idPart(
  part: string,
  ids: ColumnsDescriptor['ids'],
  side: 'entity' | 'item',
): { readonly sql: string; readonly wrong: string | undefined } {
  if (!isWhole(ids, side)) return { sql: part, wrong: undefined };
  return {
    sql: `regexp_replace(${part}, '^\\+?(-?\\d+)\\.0*$', '\\1')`,
    wrong: `NOT regexp_full_match(${part}, ${quoted(WHOLE)})`,
  };
}

// SQL expressions that turn a raw text column into a value; NULL where there is none.
import { quoted, textList, trimmed, trimmedValue } from '../../database/sql.js';
import type { FilterDescriptor } from '../descriptor/source.js';
import type { RawColumns } from './raw-columns.js';
import { countedMs, IN_RANGE, type TimeUnit, writtenMs } from './times.js';

/** First group of a pattern, first characters: what is left of a present text. */
export function cleaned(
  value: string,
  cleaning: { pattern?: string | undefined; prefix?: number | undefined },
): string {
  const matched =
    cleaning.pattern === undefined
      ? value
      : `nullif(${trimmedValue(`regexp_extract(${value}, ${quoted(cleaning.pattern)}, 1)`)}, '')`;
  return cleaning.prefix === undefined ? matched : `nullif(left(${matched}, ${cleaning.prefix}), '')`;
}

/** Milliseconds since 1970 as BIGINT; NULL for what is no time or lies outside 1900 to 2200. */
export function milliseconds(
  columns: RawColumns,
  column: string,
  missing: readonly string[],
  unit: TimeUnit,
  format?: string,
): { readonly ms: string; readonly present: string } {
  const bounded = (sql: string, present: string) => {
    const ms = columns.named(sql);
    return { ms: `CASE WHEN ${ms} ${IN_RANGE} THEN ${ms} END`, present };
  };
  if (unit === 'iso' || unit === 'format') {
    const text = columns.text(column, missing);
    return bounded(writtenMs(text, unit, format), text);
  }
  // A nanosecond has more digits than a DOUBLE keeps: its text is read.
  if (unit === 'ns') columns.raw(column);
  const { value, present } = columns.number(column, missing);
  return bounded(countedMs(present, value, unit), present);
}

/** True for rows to keep; a missing value is kept only by `notIn`. */
export function keeps(raw: string, filter: FilterDescriptor): string {
  const value = trimmed(raw);
  const conditions: string[] = [];
  if (filter.in !== undefined) conditions.push(`coalesce(${value}, '') IN ${textList(filter.in)}`);
  if (filter.notIn !== undefined) conditions.push(`coalesce(${value}, '') NOT IN ${textList(filter.notIn)}`);
  if (filter.min !== undefined)
    conditions.push(`coalesce(TRY_CAST(${value} AS DOUBLE) >= ${filter.min}, false)`);
  if (filter.max !== undefined)
    conditions.push(`coalesce(TRY_CAST(${value} AS DOUBLE) <= ${filter.max}, false)`);
  return `(${conditions.join(' AND ')})`;
}

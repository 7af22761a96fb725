// Numbers as people write them, and the largest that a model can be given.
import { quoted } from '../../database/sql.js';
import type { FeatureOf } from '../descriptor/features.js';

/** Prepared data and models hold 32-bit floats. */
export const LARGEST_NUMBER = 3.4028234663852886e38;
export const LARGEST_REASON = 'past the range of 32-bit floats (±3.4e38)';

/** How numbers of a column are written; see the key `written` of numeric features. */
export type WrittenNumber = NonNullable<FeatureOf<'numeric'>['written']>;

/** Marks as parts of a regular expression. */
const literal = (mark: string): string => mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Pattern of a whole text that is a number so written; groups of three digits only where thousands have a mark. */
export function writtenPattern({ decimal, thousands, currency }: WrittenNumber): string {
  const whole = thousands === undefined ? '\\d+' : `(?:\\d{1,3}(?:${literal(thousands)}\\d{3})+|\\d+)`;
  const unit = currency === undefined ? '' : `(?:${literal(currency)})?`;
  return `[+-]?\\s*${unit}\\s*[+-]?${whole}(?:${literal(decimal)}\\d+)?\\s*${unit}`;
}

/** SQL of the plain number that a text is, as text; NULL where it is not written so. */
export function plainNumber(text: string, written: WrittenNumber): string {
  const { decimal, thousands, currency } = written;
  const without = (sql: string, mark: string | undefined): string =>
    mark === undefined ? sql : `replace(${sql}, ${quoted(mark)}, '')`;
  const bare = `regexp_replace(${without(without(text, currency), thousands)}, '\\s', '', 'g')`;
  return `CASE WHEN regexp_full_match(${text}, ${quoted(writtenPattern(written))}) THEN replace(${bare}, ${quoted(decimal)}, '.') END`;
}

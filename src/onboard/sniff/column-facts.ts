// What the sampled values of one column look like.
import { LIST_MARK as LIST_SEPARATOR } from '../../prep/sources/nested-values.js';
import { plausibleUnit, type TimeUnit } from './time-values.js';

export interface ColumnFacts {
  readonly name: string;
  readonly index: number;
  /** Cells with a value, in row order; `cells` keeps the empty ones too. */
  readonly values: readonly string[];
  readonly cells: readonly string[];
  readonly distinct: number;
  /** Every value is a number. */
  readonly numeric: boolean;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  /** How its values can be read as times, if they can. */
  readonly time: TimeReading | undefined;
  /** What separates several values in one cell, if anything. */
  readonly separator: string | undefined;
}

export type TimeReading =
  | { readonly unit: TimeUnit | 'iso' }
  | { readonly unit: 'format'; readonly format: string };

/** Compact dates that are numbers, longest first. */
const STAMPS = [
  [/^(19|20)\d{12}$/, '%Y%m%d%H%M%S'],
  [/^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])$/, '%Y%m%d%H'],
  [/^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/, '%Y%m%d'],
  [/^\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])$/, '%y%m%d%H'],
] as const;
const ISO = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?([zZ]|[+-]\d\d:?\d\d)?)?$/;

/** Facts of column `index` of the sampled rows. */
export function columnFacts(name: string, index: number, rows: readonly (readonly string[])[]): ColumnFacts {
  const cells = rows.map((row) => row[index] ?? '');
  const values = cells.filter((cell) => cell !== '');
  const numbers = values.map(Number);
  const numeric = values.length > 0 && numbers.every(Number.isFinite);
  return {
    name,
    index,
    values,
    cells,
    distinct: new Set(values).size,
    numeric,
    whole: numeric && values.every((value) => /^[+-]?\d+$/.test(value)),
    min: numeric ? Math.min(...numbers) : Number.NaN,
    max: numeric ? Math.max(...numbers) : Number.NaN,
    time: timeReading(values, numeric, numbers),
    separator: numeric ? undefined : listSeparator(values),
  };
}

function timeReading(
  values: readonly string[],
  numeric: boolean,
  numbers: readonly number[],
): TimeReading | undefined {
  if (values.length === 0) return undefined;
  if (values.every((value) => ISO.test(value))) return { unit: 'iso' };
  if (!numeric) return undefined;
  const stamp = STAMPS.find(([pattern]) => values.every((value) => pattern.test(value)));
  if (stamp !== undefined) return { unit: 'format', format: stamp[1] };
  const unit = plausibleUnit(numbers[0]!);
  return unit !== undefined && numbers.every((number) => plausibleUnit(number) === unit)
    ? { unit }
    : undefined;
}

/** A separator in a tenth of the values whose parts come back in others. */
function listSeparator(values: readonly string[]): string | undefined {
  return [LIST_SEPARATOR, '|', ';', ','].find((separator) => {
    const lists = values.map((value) => value.split(separator));
    const split = lists.filter((parts) => parts.length > 1);
    if (split.length < Math.max(2, values.length / 10)) return false;
    const parts = lists.flat();
    return new Set(parts).size < parts.length / 2;
  });
}

// What the sampled values of one column look like.
import { isMissingWord } from '../../prep/load/missing-words.js';
import { LIST_MARK } from '../../prep/sources/nested-values.js';
import { type NumberReading, readNumbers } from './number-reading.js';
import type { TimeReading } from './read-times.js';

export interface ColumnFacts {
  readonly name: string;
  readonly index: number;
  /** Whether the descriptor can name it: it has a name, and no other column has the same. */
  readonly nameable: boolean;
  /** Cells with a value, in row order, without words for none; `cells` keeps all of them. */
  readonly values: readonly string[];
  readonly cells: readonly string[];
  readonly distinct: number;
  /** Words for "no value" among the cells, and how often they stand there. */
  readonly missingWords: ReadonlyMap<string, number>;
  /** Its values as numbers, where nearly all are. */
  readonly number: NumberReading | undefined;
  /** All numbers are whole, `3.0` too. */
  readonly whole: boolean;
  /** Whole numbers of which some are written with a fraction of nothing. */
  readonly pointZero: boolean;
  readonly min: number;
  readonly max: number;
  /** How its values can be read as times, if they can. */
  readonly time: TimeReading | undefined;
  /** What separates several values in one cell, if anything; `LIST_MARK` where the format has lists. */
  readonly separator: string | undefined;
  /** Lists of numbers, all of one length: the parts of a vector. */
  readonly vector: boolean;
  /** Two values that differ in case alone. */
  readonly variants: readonly [string, string] | undefined;
}

/** Facts of column `index` of the sampled rows. */
export function columnFacts(
  names: readonly string[],
  index: number,
  rows: readonly (readonly string[])[],
  time: TimeReading | undefined,
  /** Whether the format has lists. */
  nested: boolean,
): ColumnFacts {
  const name = names[index]!;
  const cells = rows.map((row) => row[index] ?? '');
  const missingWords = new Map<string, number>();
  for (const cell of cells)
    if (isMissingWord(cell)) missingWords.set(cell, (missingWords.get(cell) ?? 0) + 1);
  const values = cells.filter((cell) => cell !== '' && !isMissingWord(cell));
  const number = readNumbers(values);
  const numbers = number?.numbers.filter((value) => !Number.isNaN(value)) ?? [];
  const whole = number !== undefined && number.written === undefined && numbers.every(Number.isInteger);
  const lists = nested && values.some((value) => value.startsWith(LIST_MARK));
  return {
    name,
    index,
    nameable: name !== '' && names.filter((other) => other === name).length === 1,
    values,
    cells,
    distinct: new Set(values).size,
    missingWords,
    number,
    whole,
    pointZero: whole && values.some((value) => /^[+-]?\d+\.0+$/.test(value)),
    min: numbers.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    max: numbers.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
    time,
    separator: lists
      ? LIST_MARK
      : number === undefined && time === undefined
        ? listSeparator(values)
        : undefined,
    vector: lists && isVector(values),
    variants: number === undefined ? caseVariants(values) : undefined,
  };
}

function isVector(values: readonly string[]): boolean {
  const lists = values.map((value) => value.split(LIST_MARK).slice(1));
  const [first] = lists;
  return (
    first !== undefined &&
    first.length > 1 &&
    lists.every((list) => list.length === first.length && list.every((part) => Number.isFinite(Number(part))))
  );
}

function caseVariants(values: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const value of new Set(values)) {
    const before = seen.get(value.toLowerCase());
    if (before !== undefined) return [before, value];
    seen.set(value.toLowerCase(), value);
  }
  return undefined;
}

/** A separator in a tenth of the values whose parts come back in others. */
function listSeparator(values: readonly string[]): string | undefined {
  return ['|', ';', ','].find((separator) => {
    const lists = values.map((value) => value.split(separator));
    const split = lists.filter((parts) => parts.length > 1);
    if (split.length < Math.max(2, values.length / 10)) return false;
    const parts = lists.flat();
    if (new Set(parts).size >= parts.length / 2) return false;
    // Commas stand in titles too: there the parts of one are not those of others.
    return separator !== ',' || areShared(new Set(values), separator);
  });
}

/** Whether nearly all parts of the different values come back in another value. */
function areShared(values: ReadonlySet<string>, separator: string): boolean {
  const holders = new Map<string, number>();
  for (const value of values)
    for (const part of new Set(value.split(separator).map((text) => text.trim())))
      holders.set(part, (holders.get(part) ?? 0) + 1);
  const uses = [...holders.values()];
  const shared = uses.filter((n) => n > 1).reduce((sum, n) => sum + n, 0);
  return shared >= 0.8 * uses.reduce((sum, n) => sum + n, 0);
}

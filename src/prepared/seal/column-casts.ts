// Columns as other programs write them, turned into the format's own types: any width of integer, numbers, texts, times.
import type { RowRule } from '../verify/row-rules.js';

/** A column to be read from a file. */
export interface WantedColumn {
  readonly name: string;
  /** Its name in the file, where that is another. */
  readonly from?: string;
  /** What it must be, in words. */
  readonly expected: string;
  /** What the folder's scratch table holds. */
  readonly type: string;
  /** SQL of the value, given SQL of the column and DuckDB's name of its type; undefined for a type that it must not have. */
  cast(column: string, type: string): string | undefined;
  /** What a value must not be, over `given` (the value as it stands) and `taken` (the value as it is read). */
  readonly rule?: RowRule;
  /** SQL of the value where the file has no such column; without it the column must be there. */
  readonly otherwise?: string;
}

const INTEGER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|U?HUGEINT)$/;
const NUMBER = /^(FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/** An integer of any width that 32 bits hold. `missing`: SQL of what NULL stands for. */
export const integer = (name: string, missing?: string): WantedColumn => ({
  name,
  expected: 'an integer',
  type: 'INTEGER',
  cast: (column, type) =>
    INTEGER.test(type)
      ? missing === undefined
        ? `TRY_CAST(${column} AS INTEGER)`
        : `CASE WHEN ${column} IS NULL THEN ${missing} ELSE TRY_CAST(${column} AS INTEGER) END`
      : undefined,
  rule: { broken: 'given IS NOT NULL AND taken IS NULL', what: `has a "${name}" that 32 bits do not hold` },
});

/** Indexes; NULL is the empty list. */
export const integers = (name: string): WantedColumn => ({
  name,
  expected: 'a list of integers',
  type: 'INTEGER[]',
  cast: (column, type) =>
    /^(.*)\[\]$/.test(type) && (INTEGER.test(type.slice(0, -2)) || type === '"NULL"[]')
      ? `coalesce(list_transform(${column}, lambda one: TRY_CAST(one AS INTEGER)), CAST([] AS INTEGER[]))`
      : undefined,
});

/** Milliseconds since 1970, or a timestamp. */
export const milliseconds = (name: string): WantedColumn => ({
  name,
  expected: 'an integer (milliseconds) or a timestamp',
  type: 'BIGINT',
  cast: (column, type) => {
    if (INTEGER.test(type)) return `TRY_CAST(${column} AS BIGINT)`;
    if (/^TIMESTAMP_M?S$/.test(type)) return `epoch_ms(${column})`;
    const fine = /_NS$/.test(type) ? ['epoch_ns', 1_000_000] : ['epoch_us', 1000];
    const whole = `${fine[0]}(${column})`;
    return /^TIMESTAMP/.test(type)
      ? `CASE WHEN ${whole} % ${fine[1]} = 0 THEN ${whole} // ${fine[1]} END`
      : undefined;
  },
  rule: {
    broken: 'given IS NOT NULL AND taken IS NULL',
    what: `has a "${name}" that is no whole number of milliseconds`,
  },
});

/** 0 or 1, of any type that holds them. */
export const label = (name: string): WantedColumn => ({
  name,
  expected: 'an integer, a boolean, or a number that is 0 or 1',
  type: 'UTINYINT',
  cast: (column, type) =>
    type === 'BOOLEAN' || INTEGER.test(type) || NUMBER.test(type)
      ? `CASE WHEN CAST(${column} AS DOUBLE) = 1 THEN 1 WHEN CAST(${column} AS DOUBLE) = 0 THEN 0 END`
      : undefined,
  rule: { broken: 'given IS NOT NULL AND taken IS NULL', what: `has a "${name}" that is neither 0 nor 1` },
});

/** A code of SPLIT, or its name. `folder`: the code that the file's folder is named for. */
export const split = (name: string, folder: number | undefined): WantedColumn => ({
  name,
  expected: 'an integer, or a text: train, valid, test, support',
  type: 'UTINYINT',
  cast: (column, type) => {
    if (INTEGER.test(type)) return `CASE WHEN ${column} BETWEEN 0 AND 3 THEN ${column} END`;
    if (type !== 'VARCHAR') return undefined;
    return `list_position(['train', 'valid', 'test', 'support'], ${column}) - 1`;
  },
  rule: {
    broken: 'given IS NOT NULL AND taken IS NULL',
    what: 'has a "split" that is none of 0 train, 1 valid, 2 test, 3 support',
  },
  ...(folder === undefined ? {} : { otherwise: String(folder) }),
});

/** A finite number; NULL is missing. */
export const number = (name: string): WantedColumn => ({
  name,
  expected: 'a number',
  type: 'DOUBLE',
  cast: (column, type) => {
    const value = `CAST(${column} AS DOUBLE)`;
    if (NUMBER.test(type)) return value;
    return INTEGER.test(type)
      ? `CASE WHEN TRY_CAST(${value} AS HUGEINT) = CAST(${column} AS HUGEINT) THEN ${value} END`
      : undefined;
  },
  rule: {
    broken: 'given IS NOT NULL AND (taken IS NULL OR (isfinite(taken) AND TRY_CAST(taken AS FLOAT) IS NULL))',
    what: `has a "${name}" with more digits than a DOUBLE keeps, or past the range of a FLOAT`,
  },
});

/** A text; an integer is written in digits. */
export const text = (name: string, otherwise?: string): WantedColumn => ({
  name,
  expected: 'a text',
  type: 'VARCHAR',
  cast: (column, type) =>
    type === 'VARCHAR' || INTEGER.test(type) ? `CAST(${column} AS VARCHAR)` : undefined,
  ...(otherwise === undefined ? {} : { otherwise }),
});

/** Several texts; NULL is missing. */
export const texts = (name: string, otherwise: string): WantedColumn => ({
  name,
  expected: 'a list of texts',
  type: 'VARCHAR[]',
  cast: (column, type) =>
    type === 'VARCHAR[]' ? column : type === '"NULL"[]' ? `CAST(${column} AS VARCHAR[])` : undefined,
  otherwise,
});

/** An optional order among the rows of an entity that have the same time. */
export const order = (name: string, from: string): WantedColumn => ({
  name,
  from,
  expected: 'an integer',
  type: 'BIGINT',
  cast: (column, type) => (INTEGER.test(type) ? `TRY_CAST(${column} AS BIGINT)` : undefined),
  rule: { broken: 'given IS NULL OR taken IS NULL', what: `has no "${from}" that 64 bits hold` },
  otherwise: 'NULL',
});

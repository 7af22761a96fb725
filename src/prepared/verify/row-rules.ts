// Rules that rows of a Parquet file must keep, all of them counted in one pass; and columns that it must have.

import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import { standardised } from '../encode-number.js';
import { rawWords } from '../format.js';
import { type FeatureSpec, hasVocabulary } from '../manifest.js';

/** What a row must not be. */
export interface RowRule {
  /** SQL condition of a broken row; NULL counts as false. */
  readonly broken: string;
  /** Completes "3 rows (the first is row 7) …". */
  readonly what: string;
}

/** Column names with their DuckDB types. */
export type ColumnTypes = Readonly<Record<string, string>>;

/** DuckDB's names of the types, with those that the format page uses. */
const TYPE_WORDS: ColumnTypes = {
  INTEGER: 'INT32',
  BIGINT: 'INT64',
  UTINYINT: 'UINT8',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  VARCHAR: 'STRING',
  'INTEGER[]': 'LIST of INT32',
  'VARCHAR[]': 'LIST of STRING',
  NUMBER: 'FLOAT or DOUBLE',
};
/** FLOAT or DOUBLE. */
const NUMBER = 'NUMBER';
const isType = (found: string | undefined, wanted: string): boolean =>
  wanted === NUMBER ? found === 'FLOAT' || found === 'DOUBLE' : found === wanted;

/** Column types of features in a folder of format `version`; `side`: in a table of entities or items. */
export const featureTypes = (
  features: readonly FeatureSpec[],
  version: number,
  side: boolean,
): { readonly full: ColumnTypes; readonly nullable: ColumnTypes } => {
  const full: Record<string, string> = {};
  const nullable: Record<string, string> = {};
  for (const spec of features) {
    const inWords = hasVocabulary(spec);
    if (version > 1 && !inWords) nullable[spec.name] = NUMBER;
    else full[spec.name] = { categorical: 'INTEGER', multi: 'INTEGER[]', numeric: 'FLOAT' }[spec.kind];
    if (version > 1 && inWords && side)
      nullable[rawWords(spec.name)] = spec.kind === 'multi' ? 'VARCHAR[]' : 'VARCHAR';
  }
  return { full, nullable };
};

export const invalid = (where: string, what: string): UserError =>
  new UserError({
    code: 'PREPARED_INVALID',
    where,
    what,
    next: 'Correct the program that wrote it: docs/prepared-format.md says what must hold.',
  });

/** What reading a file gives; a file that the reader itself refuses is at fault. */
async function readable<T>(path: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw invalid(path, `The file cannot be read as Parquet: ${reason}`);
  }
}

/** DuckDB's types of a file's columns by name. Throws `UserError` PREPARED_INVALID for what is no Parquet. */
export async function fileColumns(database: Database, path: string): Promise<ReadonlyMap<string, string>> {
  const columns = await readable(path, database.rows(`DESCRIBE SELECT * FROM ${parquetFile(path)}`));
  return new Map(columns.map((column) => [String(column['column_name']), String(column['column_type'])]));
}

/** Faults of a file's columns: missing, or of another type. Columns beyond the wanted ones are not read. */
export async function columnFaults(
  database: Database,
  path: string,
  wanted: ColumnTypes,
): Promise<readonly UserError[]> {
  const found = await fileColumns(database, path);
  return Object.entries(wanted).flatMap(([name, type]) => {
    const actual = found.get(name);
    if (isType(actual, type)) return [];
    const words = TYPE_WORDS[type] ?? type;
    return actual === undefined
      ? [invalid(path, `There is no column "${name}" (${words}).`)]
      : [invalid(path, `Column "${name}" is ${TYPE_WORDS[actual] ?? actual}, not ${words}.`)];
  });
}

/** Faults of the rows of `relation`, which has a column `row`; rows are counted from 0. */
export async function rowFaults(
  database: Database,
  where: string,
  relation: string,
  rules: readonly RowRule[],
): Promise<readonly UserError[]> {
  if (rules.length === 0) return [];
  const parts = rules.flatMap(({ broken }, n) => [
    `count(*) FILTER (${broken}) AS n${n}`,
    `min("row") FILTER (${broken}) AS first${n}`,
  ]);
  const found = await readable(where, database.numbers(`SELECT ${parts.join(', ')} FROM ${relation}`));
  return rules.flatMap(({ what }, n) => {
    const rows = found[`n${n}`] ?? 0;
    if (rows === 0) return [];
    const which = `row ${found[`first${n}`]}, counted from 0,`;
    return [
      invalid(
        where,
        rows === 1 ? `${cap(which)} ${what}.` : `${rows} rows, the first of them ${which} ${what}.`,
      ),
    ];
  });
}

const cap = (words: string): string => `${words[0]!.toUpperCase()}${words.slice(1)}`;

/** No column of these may be NULL. */
export const neverNull = (columns: readonly string[]): readonly RowRule[] =>
  columns.map((name) => ({ broken: `${ident(name)} IS NULL`, what: `has no "${name}" (NULL)` }));

/** Values of features within what the manifest says of them. */
export const featureRules = (features: readonly FeatureSpec[], version: number): readonly RowRule[] =>
  features.flatMap((spec) => (version > 1 && !hasVocabulary(spec) ? numberRules(spec) : rulesOf(spec)));

/** A number as the log has it: finite, and so is what a model is given. */
function numberRules(spec: FeatureSpec): readonly RowRule[] {
  const name = ident(spec.name);
  const rules: RowRule[] = [
    { broken: `NOT isfinite(${name})`, what: `has a "${spec.name}" that is no finite number` },
  ];
  if (spec.kind !== 'numeric') return rules;
  const given = standardised(`CAST(${name} AS DOUBLE)`, spec.transform);
  return [
    ...rules,
    {
      broken: `isfinite(${name}) AND TRY_CAST(${given} AS FLOAT) IS NULL`,
      what: `has a "${spec.name}" whose standardised value no 32-bit float holds`,
    },
  ];
}

function rulesOf(spec: FeatureSpec): readonly RowRule[] {
  const name = ident(spec.name);
  if (spec.kind === 'numeric')
    return [{ broken: `NOT isfinite(${name})`, what: `has a "${spec.name}" that is no finite number` }];
  const most = spec.size - 1;
  if (spec.kind === 'categorical')
    return [
      { broken: `${name} NOT BETWEEN 0 AND ${most}`, what: `has a "${spec.name}" outside 0 to ${most}` },
    ];
  const strange = `lambda x: x IS NULL OR x NOT BETWEEN 1 AND ${most}`;
  return [
    {
      broken: `len(list_filter(${name}, ${strange})) > 0`,
      what: `has a value of "${spec.name}" outside 1 to ${most}`,
    },
    { broken: `len(list_distinct(${name})) < len(${name})`, what: `has a value of "${spec.name}" twice` },
  ];
}

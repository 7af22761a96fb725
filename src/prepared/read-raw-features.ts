// Raw values of prepared features: numbers as they are stored, words by their index or, of entities and items, as they are stored.
import type { Database } from '../database/database.js';
import { parquetFile } from '../database/files.js';
import { ident } from '../database/sql.js';
import { UserError } from '../errors.js';
import { rawWords } from './format.js';
import { type FeatureSpec, hasVocabulary } from './manifest.js';
import type { RawColumn, RawColumns } from './raw-column.js';
import { type ColumnKinds, readRaw } from './read-raw.js';

/** Where raw values are read. */
export interface RawPlace {
  readonly path: string;
  /** Of the folder's format. */
  readonly version: number;
  /** Whether the file is that of entities or items, which hold words as the log has them. */
  readonly side: boolean;
  /** Only rows from .. to − 1; all where undefined. */
  readonly range?: readonly [number, number];
  /** Of a file of entities or items: the name that their IDs are given under; left out where undefined. */
  readonly ids?: string;
  /** The words of a feature by index. */
  vocabulary(feature: string): Promise<readonly string[]>;
}

/** Reads the raw values of features of one file, in its order. Throws UserError PREPARED_NO_RAW where the format keeps none. */
export async function readRawFeatures(
  database: Database,
  { path, version, side, vocabulary, range, ids }: RawPlace,
  specs: readonly FeatureSpec[],
): Promise<RawColumns> {
  if (specs.length === 0 && ids === undefined) return new Map();
  const inWords = (spec: FeatureSpec): boolean => version > 1 && side && hasVocabulary(spec);
  for (const spec of specs) if (version === 1 && !hasVocabulary(spec)) throw noRaw(path, spec.name);
  const column = (spec: FeatureSpec): string => ident(inWords(spec) ? rawWords(spec.name) : spec.name);
  const kinds: ColumnKinds = Object.fromEntries(
    specs.map((spec) => [
      spec.name,
      spec.kind === 'multi' ? 'texts' : inWords(spec) ? 'text' : ('number' as const),
    ]),
  );
  const named = specs.map((spec) => `${column(spec)} AS ${ident(spec.name)}`);
  if (ids !== undefined) named.push(`value AS ${ident(ids)}`);
  const from = range === undefined ? parquetFile(path) : rowsBetween(path, range);
  const names = [...specs.map(({ name }) => name), ...(ids === undefined ? [] : [ids])];
  const read = new Map(names.map((name) => [name, [] as unknown[]]));
  const wanted = ids === undefined ? kinds : { ...kinds, [ids]: 'text' as const };
  for await (const { columns } of readRaw(database, `SELECT ${named.join(', ')} FROM ${from}`, wanted))
    for (const [name, { values }] of columns) {
      const list = read.get(name)!;
      for (const value of values) list.push(value);
    }
  const result = new Map<string, RawColumn>();
  for (const spec of specs) {
    const values = read.get(spec.name)!;
    const words = hasVocabulary(spec) && !inWords(spec) ? await vocabulary(spec.name) : undefined;
    result.set(spec.name, columnOf(spec, values, words));
  }
  if (ids !== undefined) result.set(ids, { kind: 'text', values: read.get(ids) as readonly string[] });
  return result;
}

/** Row groups outside the range are not read. */
const rowsBetween = (path: string, [from, to]: readonly [number, number]): string =>
  `${parquetFile(path, 'file_row_number = true')} WHERE file_row_number >= ${from} AND file_row_number < ${to}`;

/** `words`: of values that are indexes. */
function columnOf(
  spec: FeatureSpec,
  values: readonly unknown[],
  words: readonly string[] | undefined,
): RawColumn {
  if (spec.kind === 'multi') {
    const lists = values as readonly (readonly string[])[];
    return {
      kind: 'texts',
      values: words === undefined ? lists : lists.map((list) => list.map((index) => words[Number(index)]!)),
    };
  }
  if (!hasVocabulary(spec)) return { kind: 'number', values: Float64Array.from(values as number[]) };
  const texts = words === undefined ? values : values.map((index) => words[index as number]!);
  return { kind: 'text', values: texts as readonly string[] };
}

function noRaw(path: string, feature: string): UserError {
  return new UserError({
    code: 'PREPARED_NO_RAW',
    where: `${path} › ${feature}`,
    what: 'The folder is of format version 1, which holds numbers as models are given them and not as the log has them.',
    next: 'Prepare the data again (limaml prep), or write the folder as version 2 (docs/prepared-format.md), and train on that.',
  });
}

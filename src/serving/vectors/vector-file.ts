// One Parquet file of vectors that another engine computed: its columns and rows, checked before they are taken.
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { ident, quoted, trimmedValue } from '../../database/sql.js';
import { UserError } from '../../errors.js';

/** What the vectors must be of. */
export interface VectorsOf {
  readonly dimensions: number;
  /** SHA-256 of the bundle's adapt.onnx. */
  readonly adapt: string;
}

const INTEGER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|U?HUGEINT)$/;

/** Loads a file that has no faults into the table `vectors`, under the number `file`; returns the faults that it has. */
export async function loadVectorFile(
  database: Database,
  path: string,
  file: number,
  { dimensions, adapt }: VectorsOf,
): Promise<readonly UserError[]> {
  let types: ReadonlyMap<string, string>;
  try {
    const found = await database.rows(`DESCRIBE SELECT * FROM ${parquetFile(path)}`);
    types = new Map(found.map((column) => [String(column['column_name']), String(column['column_type'])]));
  } catch (error) {
    return [invalid(path, `The file cannot be read as Parquet: ${(error as Error).message.split('\n')[0]}`)];
  }
  const names = ['member', 'entity'].filter((name) => types.has(name));
  const [name = 'member'] = names;
  if (names.length === 2)
    return [invalid(path, 'There are a column "member" and a column "entity": one of them is meant.')];
  const time = types.get('last_event_ms');
  const wanted: readonly (readonly [string, RegExp, string])[] = [
    [name, new RegExp(`^VARCHAR$|${INTEGER.source}`), 'a text or an integer'],
    ['vector', /^(FLOAT|DOUBLE)\[\d*\]$/, 'a list of FLOAT or DOUBLE'],
    ['model', /^VARCHAR$/, 'a text: the SHA-256 of the adapt.onnx that made the vector'],
    ...(time === undefined ? [] : [['last_event_ms', INTEGER, 'an integer'] as const]),
  ];
  const wrong = wanted.flatMap(([column, type, words]) => {
    const found = types.get(column);
    if (found !== undefined && type.test(found)) return [];
    return [
      invalid(
        path,
        found === undefined
          ? `There is no column "${column}" (${words}).`
          : `Column "${column}" is ${found}, not ${words}.`,
      ),
    ];
  });
  if (wrong.length > 0) return wrong;
  const id = trimmedValue(`CAST(${ident(name)} AS VARCHAR)`);
  const numbers = 'CAST(vector AS DOUBLE[])';
  const rules: readonly (readonly [string, string])[] = [
    [`coalesce(${id}, '') = ''`, `has no "${name}"`],
    [`vector IS NULL`, 'has no "vector"'],
    [
      `len(${numbers}) <> ${dimensions}`,
      `has a "vector" of another length than ${dimensions}, that of the bundle's`,
    ],
    [
      `len(list_filter(${numbers}, lambda x: coalesce(NOT isfinite(TRY_CAST(x AS FLOAT)), true))) > 0`,
      'has a "vector" with a number that is missing, not finite, or past the range of 32-bit floats',
    ],
  ];
  const other = `model IS DISTINCT FROM ${quoted(adapt)}`;
  const counted = [...rules.map(([broken]) => broken), other].flatMap((broken, n) => [
    `count(*) FILTER (${broken}) AS n${n}`,
    `min("row") FILTER (${broken}) AS first${n}`,
  ]);
  const source = `(SELECT *, file_row_number AS "row" FROM ${parquetFile(path, 'file_row_number = true')})`;
  const found = await database.numbers(`SELECT ${counted.join(', ')} FROM ${source}`);
  const faults = rules.flatMap(([, what], n) =>
    rowFault(path, found[`n${n}`] ?? 0, found[`first${n}`] ?? 0, what),
  );
  const others = found[`n${rules.length}`] ?? 0;
  if (others > 0) {
    const first = found[`first${rules.length}`]!;
    const [row] = await database.rows(`SELECT model FROM ${source} WHERE "row" = ${first}`);
    const said = row?.['model'] ?? null;
    faults.push(
      new UserError({
        code: 'VECTORS_MODEL',
        where: path,
        what: `${others} rows, the first of them row ${first}, counted from 0, are of another model: "model" is ${said === null ? 'missing' : String(said).slice(0, 12)}, the bundle's adapt.onnx is ${adapt.slice(0, 12)}.`,
        next: 'Compute the vectors with the adapt.onnx of this bundle, or import them into the bundle whose graph made them.',
      }),
    );
  }
  if (faults.length === 0)
    await database.run(
      `INSERT INTO vectors SELECT ${id}, CAST(${numbers} AS FLOAT[${dimensions}]), ${time === undefined ? 'NULL' : 'last_event_ms'}, ${file}, "row" FROM ${source}`,
    );
  return faults;
}

const rowFault = (path: string, rows: number, first: number, what: string): readonly UserError[] =>
  rows === 0
    ? []
    : [
        invalid(
          path,
          rows === 1
            ? `Row ${first}, counted from 0, ${what}.`
            : `${rows} rows, the first of them row ${first}, counted from 0, ${what}.`,
        ),
      ];

export const invalid = (where: string, what: string): UserError =>
  new UserError({
    code: 'VECTORS_INVALID',
    where,
    what,
    next: 'Correct the program that wrote it; nothing was changed.',
  });

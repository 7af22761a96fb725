// Rows of a request: JSON values under the names of the bundle's inputs, held to their kinds.
import type { RawInput } from '../../bundle/format/raw-input.js';
import { columnKind } from '../../bundle/format/raw-tensor.js';
import { UserError } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';
import type { RawColumn, RawPiece } from '../../prepared/raw-column.js';

/** A value that is read of each row. */
export interface LiveField {
  readonly name: string;
  readonly kind: RawColumn['kind'];
  /** IDs, times and labels must be there and must say something; features may be null. */
  readonly needs: 'value' | 'null or value' | 'nothing';
  /** Least and largest number. */
  readonly range?: readonly [number, number];
}

const LARGEST_FLOAT = 3.4028234663852886e38;
const LONGEST_TEXT = 4096;

export const idField = (name: string): LiveField => ({ name, kind: 'text', needs: 'value' });

/** `needs`: whether a row must bring the feature. */
export const featureField = (input: RawInput, needs: LiveField['needs']): LiveField => ({
  name: input.name,
  kind: columnKind(input),
  needs,
});

/**
 * Columns by field; of a field that no row has, none. Throws UserError LIVE_BAD_REQUEST with the place.
 * @param given what the request holds under `where`
 */
export function readJsonRows(
  given: unknown,
  where: string,
  fields: readonly LiveField[],
  most: number,
): RawPiece {
  if (!Array.isArray(given)) throw bad(where, 'A list of rows is expected.');
  if (given.length === 0) throw bad(where, 'There are no rows.');
  if (given.length > most) throw bad(where, `${given.length} rows are more than the ${most} of one request.`);
  const known = new Map(fields.map((field) => [field.name, field]));
  for (const [row, cells] of given.entries()) {
    if (cells === null || typeof cells !== 'object' || Array.isArray(cells))
      throw bad(`${where}[${row}]`, 'An object is expected.');
    for (const name of Object.keys(cells))
      if (!known.has(name)) throw unknownName(`${where}[${row}]`, name, known);
  }
  const rows = given as readonly Readonly<Record<string, unknown>>[];
  const columns = new Map<string, RawColumn>();
  for (const field of fields) {
    const { name, needs } = field;
    if (needs === 'nothing' && !rows.some((row) => row[name] !== undefined)) continue;
    const values = rows.map((row, i) => cellValue(row[name], field, `${where}[${i}].${name}`));
    columns.set(
      name,
      field.kind === 'number'
        ? { kind: 'number', values: Float64Array.from(values as number[]) }
        : ({ kind: field.kind, values } as RawColumn),
    );
  }
  return { rows: rows.length, columns };
}

const MISSING = { text: '', texts: [], number: Number.NaN } as const;
const EXPECTED = { text: 'A text', texts: 'A list of texts', number: 'A number' } as const;

function cellValue(value: unknown, { kind, needs, range }: LiveField, where: string): unknown {
  if (value === undefined && needs !== 'nothing')
    throw bad(where, 'It is missing; null says that it is not known.');
  if (value === null || value === undefined) {
    if (needs === 'value') throw bad(where, 'It must be known.');
    return MISSING[kind];
  }
  const isText = (one: unknown): boolean =>
    typeof one === 'string' && one.length <= LONGEST_TEXT && !one.includes('\0');
  const fits =
    kind === 'number'
      ? typeof value === 'number' && Math.abs(value) <= LARGEST_FLOAT
      : kind === 'text'
        ? isText(value)
        : Array.isArray(value) && value.every(isText);
  if (!fits) throw bad(where, `${EXPECTED[kind]} is expected, not ${JSON.stringify(value)?.slice(0, 60)}.`);
  if (needs === 'value' && value === '') throw bad(where, 'It must be known.');
  if (range !== undefined && !((value as number) >= range[0] && (value as number) <= range[1]))
    throw bad(where, `${value} is not from ${range[0]} to ${range[1]}.`);
  return value;
}

function unknownName(where: string, name: string, known: ReadonlyMap<string, unknown>): UserError {
  const close = nearestName(name, [...known.keys()]);
  return bad(where, `There is no input "${name}".${close === undefined ? '' : ` Closest: "${close}".`}`);
}

const bad = (where: string, what: string): UserError =>
  new UserError({ code: 'LIVE_BAD_REQUEST', where, what, next: 'See /openapi.json.' });

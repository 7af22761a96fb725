// Support rows of a bundle of moderate size held in memory: a query takes several milliseconds to find those of one entity.
import type { Database } from '../../database/database.js';
import type { RawColumn, RawPiece } from '../../prepared/raw-column.js';
import { type ColumnKinds, readRaw } from '../../prepared/read-raw.js';

/** Rows held at most: about 60 bytes each. */
const MOST_ROWS = 5_000_000;

/** Rows of some entities, ascending, those of one together, oldest first. */
type SupportRows = (ids: readonly string[]) => readonly RawPiece[];

/** All rows of `relation`, which lie in that order; undefined where they are too many to hold. */
export async function supportInMemory(
  database: Database,
  relation: string,
  kinds: ColumnKinds,
  most = MOST_ROWS,
): Promise<SupportRows | undefined> {
  const { n = 0 } = await database.numbers(`SELECT count(*) AS n FROM ${relation}`);
  if (n > most) return undefined;
  const ranges = new Map<string, readonly [number, number]>();
  const columns = new Map<string, RawColumn>(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { kind, values: kind === 'number' ? new Float64Array(n) : new Array(n) } as RawColumn,
    ]),
  );
  const shared = sharing();
  let rows = 0;
  for await (const piece of readRaw(database, `SELECT * FROM ${relation}`, kinds)) {
    for (const [name, { kind, values }] of piece.columns) {
      const into = columns.get(name)!.values as { [row: number]: unknown };
      for (let row = 0; row < piece.rows; row++)
        into[rows + row] =
          kind === 'text'
            ? shared(values[row] as string)
            : kind === 'texts'
              ? (values[row] as readonly string[]).map(shared)
              : values[row];
    }
    for (const entity of piece.columns.get('entity')!.values as readonly string[])
      ranges.set(entity, [ranges.get(entity)?.[0] ?? rows, ++rows]);
  }
  return (ids) =>
    [...ids].sort().flatMap((id) => {
      const range = ranges.get(id);
      return range === undefined ? [] : [between(columns, ...range)];
    });
}

const between = (columns: ReadonlyMap<string, RawColumn>, from: number, to: number): RawPiece => ({
  rows: to - from,
  columns: new Map(
    [...columns].map(([name, column]) => [
      name,
      { ...column, values: column.values.slice(from, to) } as RawColumn,
    ]),
  ),
});

/** Equal texts as one string: a catalogue of millions has few distinct ones. */
function sharing(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found === undefined) known.set(text, text);
    return found ?? text;
  };
}

// entities.parquet and items.parquet as columns with the row of each ID.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import type { RawColumn, RawColumns } from '../../prepared/raw-column.js';
import { readRaw } from '../../prepared/read-raw.js';
import { BUNDLE_FILES } from '../format/files.js';
import { columnKind } from '../format/raw-tensor.js';
import type { StoreLayout } from './store.js';

export interface SideTable {
  readonly rowOf: ReadonlyMap<string, number>;
  readonly columns: RawColumns;
}

/** entities.parquet or items.parquet, or some rows of it, with the row of each ID; undefined where the bundle has none. */
export async function readSide(
  database: Database,
  folder: string,
  layout: StoreLayout,
  side: 'entity' | 'item',
  which = 'true',
): Promise<SideTable | undefined> {
  const path = join(folder, BUNDLE_FILES[side === 'entity' ? 'entities' : 'items']);
  if (!existsSync(path)) return undefined;
  const kinds = Object.fromEntries(layout[side].map((input) => [input.name, columnKind(input)] as const));
  const rowOf = new Map<string, number>();
  const values = new Map(Object.keys(kinds).map((name) => [name, [] as unknown[]]));
  // Equal texts share one string: a catalogue of millions has few distinct ones.
  const shared = new Map<string, string>();
  const share = (value: string): string => {
    const known = shared.get(value);
    if (known === undefined) shared.set(value, value);
    return known ?? value;
  };
  const select = `SELECT * FROM ${parquetFile(path)} WHERE ${which}`;
  const pieces = readRaw(database, select, { [side]: 'text', ...kinds });
  for await (const { columns } of pieces) {
    for (const id of columns.get(side)!.values as readonly string[]) rowOf.set(id, rowOf.size);
    for (const [name, list] of values) {
      const column = columns.get(name)!;
      if (column.kind === 'number') for (const value of column.values) list.push(value);
      else if (column.kind === 'text') for (const value of column.values) list.push(share(value));
      else for (const texts of column.values) list.push(texts.map(share));
    }
  }
  const columns = [...values].map(([name, list]) => [name, columnOf(kinds[name]!, list)] as const);
  return { rowOf, columns: new Map(columns) };
}

function columnOf(kind: RawColumn['kind'], list: readonly unknown[]): RawColumn {
  if (kind === 'number') return { kind, values: Float64Array.from(list as readonly number[]) };
  return { kind, values: list } as RawColumn;
}

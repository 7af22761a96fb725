// A prepared folder as other programs write it, made of the fixture prepared-tastes: any types, names, order and number of files.
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export const TASTES = resolve(import.meta.dirname, '../fixtures/prepared-tastes');

/** SQL of each file, over the views `events`, `entities`, `items`, `genre`, `device` of the fixture. */
export type Files = Readonly<Record<string, string>>;

/** 64-bit indexes, splits in words, timestamps, booleans, rows in disorder, a file a split and one of them in two. */
export const SCATTERED: Files = {
  'events/split=train/part-9.c000.snappy.parquet': eventsOf(0, 'entity <= 17'),
  'events/split=train/part-1.c000.snappy.parquet': eventsOf(0, 'entity > 17'),
  'events/split=valid/x.parquet': eventsOf(1),
  'events/test/x.parquet': eventsOf(2, 'true', 'make_timestamp_ns(timestamp_ms * 1000000)'),
  'entities/b.parquet':
    'SELECT CAST("index" AS BIGINT) AS "index", value, age FROM entities WHERE "index" % 2 = 0 ORDER BY hash(value)',
  'entities/a.parquet':
    'SELECT CAST("index" AS SMALLINT) AS "index", value, CAST(age AS INTEGER) AS age, train FROM entities WHERE "index" % 2 = 1',
  // Without the unknown, and without the words, which follow from the indexes.
  'items.parquet':
    'SELECT CAST("index" AS UBIGINT) AS "index", value, CAST(nullif(genre, 0) AS BIGINT) AS genre FROM items WHERE "index" > 0 ORDER BY value',
  'vocabularies/genre/part-0.parquet':
    'SELECT value, CAST("index" AS BIGINT) AS "index" FROM genre ORDER BY value DESC',
  'vocabularies/device.parquet': 'SELECT * FROM device WHERE "index" > 0',
};

function eventsOf(split: number, where = 'true', time = 'make_timestamp(timestamp_ms * 1000)'): string {
  return `SELECT CAST(entity AS BIGINT) AS entity, CAST(item AS USMALLINT) AS item, ${time} AS timestamp_ms,
    label = 1 AS label, CAST(nullif(device, 0) AS BIGINT) AS device, 'x' AS remark FROM events WHERE split = ${split} AND ${where} ORDER BY hash(timestamp_ms)`;
}

export const DRAFT = {
  dataset: 'tastes',
  features: [
    {
      name: 'age',
      side: 'entity',
      kind: 'numeric',
      transform: { log: false, mean: 39.5, deviation: 11.543396380615196, missing: 0 },
    },
    { name: 'genre', side: 'item', kind: 'categorical' },
    { name: 'device', side: 'event', kind: 'categorical', size: 3 },
  ],
};

/** Writes the folder. `draft`: undefined writes none. */
export async function unsealed(
  base: string,
  files: Files,
  draft: object | undefined = DRAFT,
): Promise<string> {
  const folder = await mkdtemp(join(base, 'unsealed-'));
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const views = {
    events: `['${TASTES}/events/part-00000.parquet', '${TASTES}/events/part-00001.parquet']`,
    entities: `'${TASTES}/entities.parquet'`,
    items: `'${TASTES}/items.parquet'`,
    genre: `'${TASTES}/vocabularies/genre.parquet'`,
    device: `'${TASTES}/vocabularies/device.parquet'`,
  };
  for (const [view, file] of Object.entries(views))
    await connection.run(`CREATE VIEW ${view} AS SELECT * FROM read_parquet(${file})`);
  for (const [file, select] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await connection.run(`COPY (${select}) TO '${join(folder, file)}' (FORMAT parquet)`);
  }
  connection.closeSync();
  if (draft !== undefined) await writeFile(join(folder, 'draft.json'), JSON.stringify(draft));
  return folder;
}

/** Rows of a file of a sealed folder, as JSON. */
export async function rowsOf(path: string | readonly string[]): Promise<unknown> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const files = [path].flat().map((one) => `'${one}'`);
  const reader = await connection.runAndReadAll(
    `SELECT * FROM read_parquet([${files.join(', ')}], hive_partitioning = false)`,
  );
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  return rows;
}

export const manifestOf = async (folder: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, unknown>;

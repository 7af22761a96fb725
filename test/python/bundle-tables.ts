// Parquet of a bundle as columns of JSON, for a Python that has no reader of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.js';
import { parquetFile } from '../../src/database/files.js';

type JsonColumns = Record<string, unknown[]>;

/** Columns of one file, in the order of its rows; undefined where the bundle has none. */
export async function tableOf(bundle: string, file: string): Promise<JsonColumns | undefined> {
  const path = join(bundle, `${file}.parquet`);
  if (!existsSync(path)) return undefined;
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  try {
    const rows = await database.rows(`SELECT to_json(t) AS row FROM ${parquetFile(path)} t`);
    const parsed = rows.map(({ row }) => JSON.parse(String(row)) as Record<string, unknown>);
    const names = Object.keys(parsed[0] ?? {});
    return Object.fromEntries(names.map((name) => [name, parsed.map((row) => row[name])]));
  } finally {
    database.close();
  }
}

export interface BundleTables {
  readonly tables: Record<string, JsonColumns>;
  readonly support: JsonColumns;
  readonly vectors: Record<string, number[]>;
}

export async function bundleTables(bundle: string): Promise<BundleTables> {
  const sides = { entity: await tableOf(bundle, 'entities'), item: await tableOf(bundle, 'items') };
  const embeddings = (await tableOf(bundle, 'embeddings'))!;
  const entity = embeddings['entity'] as string[];
  return {
    tables: Object.fromEntries(
      Object.entries(sides).flatMap(([side, columns]) => (columns === undefined ? [] : [[side, columns]])),
    ),
    support: (await tableOf(bundle, 'support'))!,
    vectors: Object.fromEntries(
      entity.map((id, row) => [id, (embeddings['vector'] as number[][])[row]!] as const),
    ),
  };
}

/** CSV text without quotes as columns of texts. */
export function csvColumns(csv: string): Record<string, string[]> {
  const [header, ...rows] = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return Object.fromEntries(header!.map((name, place) => [name, rows.map((row) => row[place] ?? '')]));
}

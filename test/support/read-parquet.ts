// All rows of a Parquet file, by a reader that is not ours.
import { DuckDBInstance } from '@duckdb/node-api';

export async function readParquet(path: string): Promise<readonly Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = (await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`)).getRowObjectsJS();
  connection.closeSync();
  return rows;
}

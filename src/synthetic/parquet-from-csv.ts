// Turns a CSV file into the Parquet file of the same name, in a small part of memory.
import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/** Converts `name.csv` to `name.parquet` beside it, removes the CSV file and returns the new path. */
export async function parquetFromCsv(path: string): Promise<string> {
  const target = path.replace(/\.csv$/, '.parquet');
  const database = await DuckDBInstance.create(':memory:', { memory_limit: '512MB', threads: '2' });
  const connection = await database.connect();
  try {
    await connection.run(
      `COPY (FROM read_csv(${quoted(path)}, header = true, delim = ',')) TO ${quoted(target)} (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
    database.closeSync();
  }
  await rm(path);
  return target;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

// Turns a CSV file into the Parquet file of the same name, in a small part of memory.
import { rm } from 'node:fs/promises';
import { openDatabase } from '../database/database.js';
import { copyTo, csvFile } from '../database/files.js';

/** Converts `name.csv` to `name.parquet` beside it, removes the CSV file and returns the new path. */
export async function parquetFromCsv(path: string): Promise<string> {
  const target = path.replace(/\.csv$/, '.parquet');
  const database = await openDatabase({ memoryLimitMb: 512, threads: 2 });
  try {
    await database.run(
      copyTo(`FROM ${csvFile(path, 'header = true', "delim = ','")}`, target, 'FORMAT parquet'),
    );
  } finally {
    database.close();
  }
  await rm(path);
  return target;
}

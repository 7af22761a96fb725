// Rows from all of a Parquet file, as the texts that prep would read.
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import type { SourceDescriptor } from '../../prep/descriptor/source.js';
import { columnNames } from '../../prep/sources/column-names.js';
import { RAW_ROW, rawAlias, rawRelation } from '../../prep/sources/raw-relation.js';
import type { SampledRows } from './sampled-rows.js';
import { SAMPLE_ROWS } from './spread-sample.js';

/** Throws `UserError` for a file that is damaged. */
export async function readParquet(database: Database, path: string): Promise<SampledRows> {
  const source = { format: 'parquet' } as SourceDescriptor;
  const file = { path, name: path, source };
  const names = await columnNames(database, file);
  const { n = 0 } = await database.numbers(`SELECT count(*) AS n FROM ${parquetFile(path)}`);
  const stride = Math.max(1, Math.floor(n / SAMPLE_ROWS));
  const relation = await rawRelation(database, file, names, names);
  const rows = await database.rows(
    `SELECT * EXCLUDE (${RAW_ROW}) FROM ${relation} WHERE ${RAW_ROW} % ${stride} = 0 ORDER BY ${RAW_ROW}`,
  );
  return {
    source: { format: 'parquet' },
    names,
    rows: rows.map((row) => names.map((_, index) => String(row[rawAlias(index)] ?? '').trim())),
    reasons: [{ what: 'format', value: 'parquet', reason: 'begins with the mark of Parquet' }],
  };
}

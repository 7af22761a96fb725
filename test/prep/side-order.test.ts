// Row i of a side's file is the entity with index i, however many there are and however many threads write it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { parquetFile } from '../../src/database/files.js';
import { writeSide } from '../../src/prep/write/write-side.js';

const folder = mkdtempSync(join(tmpdir(), 'limaml-side-order-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('with more rows than a row group has', async () => {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 2 });
  await database.run(
    `CREATE TABLE entity_rows AS SELECT CAST(i + 1 AS INTEGER) AS idx, CAST(i + 1 AS VARCHAR) AS value,
      1 AS train, 0 AS valid, 0 AS test, 0 AS support FROM range(300000) r(i)`,
  );
  await writeSide(database, folder, 'entity', []);
  const file = parquetFile(join(folder, 'entities.parquet'), 'file_row_number = true');
  expect(
    await database.numbers(
      `SELECT count(*) AS n, count(*) FILTER (index = file_row_number) AS placed, count(*) FILTER (value = '' AND index = 0) AS unknown FROM ${file}`,
    ),
  ).toEqual({ n: 300_001, placed: 300_001, unknown: 1 });
  database.close();
});

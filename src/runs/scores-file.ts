// `scores.parquet`: every scored row with its label and one score column a model, so that anyone can recompute every number.
import { rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { ident, quoted } from '../database/sql.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import { onInterruption } from '../interruption.js';
import type { PreparedDataset } from '../prepared/dataset.js';

/** Rows that DuckDB takes in one piece. */
const CHUNK = 2048;

interface OutputColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly at: (row: number) => string | number | bigint | null;
}

/** Writes the file whole or not at all. Entities and items by their raw names, times in UTC, groups as `segment_<feature>`. */
export async function writeScores(path: string, scored: ScoredRows, dataset: PreparedDataset): Promise<void> {
  const [entities, items] = await Promise.all([dataset.vocabulary('entity'), dataset.vocabulary('item')]);
  const columns: readonly OutputColumn[] = [
    { name: 'entity', type: VARCHAR, at: (row) => entities[scored.entity[row]!] ?? null },
    { name: 'item', type: VARCHAR, at: (row) => items[scored.item[row]!] ?? null },
    { name: 'timestamp', type: BIGINT, at: (row) => BigInt(scored.timestampMs[row]!) },
    { name: 'label', type: INTEGER, at: (row) => scored.label[row]! },
    ...[...scored.scores].map(
      ([name, scores]): OutputColumn => ({ name, type: DOUBLE, at: (row) => scores[row]! }),
    ),
    { name: 'history_length', type: INTEGER, at: (row) => scored.historyLength[row]! },
    {
      name: 'since_last_ms',
      type: BIGINT,
      at: (row) => (Number.isNaN(scored.sinceLastMs[row]!) ? null : BigInt(scored.sinceLastMs[row]!)),
    },
    ...[...scored.groups].map(
      ([name, values]): OutputColumn => ({
        name: `segment_${name}`,
        type: VARCHAR,
        at: (row) => values[row]!,
      }),
    ),
  ];
  const temporary = `${path}.${process.pid}.tmp`;
  const withdraw = onInterruption(() => {
    rmSync(temporary, { force: true });
    return undefined;
  });
  try {
    await copyToParquet(temporary, columns, scored.rows);
    await rename(temporary, path);
  } finally {
    withdraw();
    await rm(temporary, { force: true });
  }
}

async function copyToParquet(path: string, columns: readonly OutputColumn[], rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run(
      `CREATE TABLE scores (${columns.map(({ name, type }) => `${ident(name)} ${String(type)}`).join(', ')})`,
    );
    const appender = await connection.createAppender('scores');
    for (let start = 0; start < rows; start += CHUNK) {
      const size = Math.min(CHUNK, rows - start);
      const chunk = DuckDBDataChunk.create(
        columns.map(({ type }) => type),
        size,
      );
      columns.forEach(({ at }, c) => {
        chunk.setColumnValues(
          c,
          Array.from({ length: size }, (_, i) => at(start + i)),
        );
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(
      `COPY (SELECT * REPLACE (make_timestamp_ms("timestamp") AS "timestamp") FROM scores) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

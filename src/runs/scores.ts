// `scores.parquet`: every scored row with its label and one score column a model, so that anyone can recompute every number.

import { rm } from 'node:fs/promises';
import { makeFileAtomic } from '../atomic-files.js';
import type { AppendedCell, ColumnType } from '../database/append-table.js';
import { openDatabase } from '../database/database.js';
import { copyTo } from '../database/files.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { temporaryNames } from '../temporary-names.js';

const MEMORY_MB = 1024;

interface OutputColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly at: (row: number) => AppendedCell;
}

/** Scores of the same rows under another protocol. */
export interface ReplayedScores extends Pick<ScoredRows, 'scores' | 'historyLength'> {
  /** Stands behind `@` in the names of the columns. */
  readonly label: string;
}

/**
 * Writes the file whole or not at all. Entities and items by their raw names, times in UTC, groups as `segment_<feature>`. What moves
 * under a replay is `<model>@<replay>` and `history_length@<replay>`.
 */
export async function writeScores(
  path: string,
  scored: ScoredRows,
  replayed: readonly ReplayedScores[],
  dataset: PreparedDataset,
): Promise<void> {
  const [entities, items] = await Promise.all([dataset.vocabulary('entity'), dataset.vocabulary('item')]);
  const columns: readonly OutputColumn[] = [
    { name: 'entity', type: 'text', at: (row) => entities[scored.entity[row]!] ?? null },
    { name: 'item', type: 'text', at: (row) => items[scored.item[row]!] ?? null },
    { name: 'timestamp', type: 'milliseconds', at: (row) => scored.timestampMs[row]! },
    { name: 'label', type: 'integer', at: (row) => scored.label[row]! },
    ...[...scored.scores].map(
      ([name, scores]): OutputColumn => ({ name, type: 'number', at: (row) => scores[row]! }),
    ),
    { name: 'history_length', type: 'integer', at: (row) => scored.historyLength[row]! },
    {
      name: 'since_last_ms',
      type: 'milliseconds',
      at: (row) => (Number.isNaN(scored.sinceLastMs[row]!) ? null : scored.sinceLastMs[row]!),
    },
    ...replayed.flatMap(({ label, scores, historyLength }): OutputColumn[] => [
      ...[...scores].map(
        ([name, of]): OutputColumn => ({ name: `${name}@${label}`, type: 'number', at: (row) => of[row]! }),
      ),
      { name: `history_length@${label}`, type: 'integer', at: (row) => historyLength[row]! },
    ]),
    ...[...scored.groups].map(
      ([name, values]): OutputColumn => ({
        name: `segment_${name}`,
        type: 'text',
        at: (row) => values[row]!,
      }),
    ),
  ];
  await makeFileAtomic(path, (temporary) =>
    copyToParquet(temporary, columns, scored.rows, temporaryNames(path)('work')),
  );
}

async function copyToParquet(
  path: string,
  columns: readonly OutputColumn[],
  rows: number,
  spillDirectory: string,
): Promise<void> {
  const database = await openDatabase({ memoryLimitMb: MEMORY_MB, threads: 2, spillDirectory });
  try {
    const table = await database.createTable(
      'scores',
      Object.fromEntries(columns.map(({ name, type }) => [name, type])),
    );
    table.append(
      rows,
      columns.map(({ at }) => at),
    );
    table.close();
    await database.run(
      copyTo(
        'SELECT * REPLACE (make_timestamp_ms("timestamp") AS "timestamp") FROM scores',
        path,
        'FORMAT parquet, COMPRESSION zstd',
      ),
    );
  } finally {
    database.close();
    await rm(spillDirectory, { recursive: true, force: true });
  }
}

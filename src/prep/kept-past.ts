// The door of prep for programs that serve: the log's past, kept so that history features of later instants are what prep would say.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableAppender } from '../database/append-table.js';
import { type Database, openDatabase } from '../database/database.js';
import { copyTo, parquetFile } from '../database/files.js';
import { ident } from '../database/sql.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { PARQUET_OPTIONS, SIDE_FILE, SPLIT } from '../prepared/format.js';
import { joinedPieces, type RawColumn, type RawColumns } from '../prepared/raw-column.js';
import { readRaw } from '../prepared/read-raw.js';
import { countedHistorySql, type HistoryFormula, leaningRate, pastOf } from './encode/history.js';

const MEMORY_MB = 1024;
const SIDES = ['entity', 'item'] as const;
type Side = (typeof SIDES)[number];

/** What history features are computed by. */
interface PastFormula {
  readonly features: readonly ({ readonly name: string } & HistoryFormula)[];
  /** Whether rows without a click were sampled, and so are no events. */
  readonly sampled: boolean;
  /** Click rate of the training rows. */
  readonly trainRate: number;
}

export interface PastRows {
  readonly entity: readonly string[];
  readonly item: readonly string[];
  readonly timestampMs: ArrayLike<number>;
}

/** Events by entity and by item: how many, and with how many clicks, at each instant. */
export interface KeptPast {
  /** Counts the rows of a prepared data set that are of these splits. Gives the time of the latest; null without any. */
  addPrepared(dataset: PreparedDataset, splits: readonly number[]): Promise<number | null>;
  /** Counts events; `label` is 1 for a click. */
  addEvents(rows: PastRows, label: ArrayLike<number>): Promise<void>;
  /** The named features of rows, each as of its own instant: what lies strictly before it. */
  values(names: readonly string[], rows: PastRows): Promise<RawColumns>;
  /** Writes what the features of instants from `cutoffMs` on take: whatever is past for each of them alike, in one row an ID. */
  write(path: string, cutoffMs: number | null): Promise<void>;
  close(): Promise<void>;
}

/** Click rate of a data set's training rows, as prep has it. */
export async function trainingRate(dataset: PreparedDataset, sampled: boolean): Promise<number> {
  let rows = 0;
  let clicks = 0;
  for (let index = 0; index < dataset.shardCount; index++) {
    const { split, label } = await dataset.shard(index);
    split.forEach((code, row) => {
      if (code !== SPLIT.train || (sampled && label[row] === 0)) return;
      rows++;
      clicks += label[row]!;
    });
  }
  return leaningRate(clicks / rows);
}

/** Opens what `write` wrote to `path`, or nothing at all so far. */
export async function openPast(formula: PastFormula, path?: string): Promise<KeptPast> {
  const spillDirectory = await mkdtemp(join(tmpdir(), 'limaml-past-'));
  const database = await openDatabase({ spillDirectory, memoryLimitMb: MEMORY_MB, threads: 2 });
  for (const side of SIDES) {
    const stored = path === undefined ? '' : `FROM ${parquetFile(path)} WHERE side = '${side}'`;
    const columns = '(id VARCHAR, ts BIGINT, events BIGINT, clicks BIGINT)';
    await database.run(`CREATE TABLE ${side}_past ${columns}`);
    if (path !== undefined)
      await database.run(`INSERT INTO ${side}_past SELECT id, timestamp_ms, events, clicks ${stored}`);
  }
  const counted = formula.sampled ? 'label = 1' : 'true';
  const rowsOf = { entity: 'text', item: 'text', ts: 'milliseconds' } as const;
  const asked = await database.createTable('asked', { place: 'integer', ...rowsOf });
  const added = await database.createTable('added', { ...rowsOf, label: 'integer' });
  return {
    async addPrepared({ path: folder, manifest }, splits) {
      const shards = manifest.shards.map(({ file }) => join(folder, file));
      if (shards.length === 0) return null;
      const rows = `(SELECT * FROM ${parquetFile(shards)} WHERE split IN (${splits.join(', ')}) AND ${counted})`;
      for (const side of SIDES)
        await database.run(
          `INSERT INTO ${side}_past SELECT i.value, r.* EXCLUDE (idx)
            FROM (SELECT ${side} AS idx, timestamp_ms AS ts, count(*) AS events, sum(label) AS clicks FROM ${rows} GROUP BY ALL) r
            JOIN ${parquetFile(join(folder, SIDE_FILE[side]))} i ON i.index = r.idx`,
        );
      const { last = Number.NaN } = await database.numbers(`SELECT max(timestamp_ms) AS last FROM ${rows}`);
      return Number.isNaN(last) ? null : last;
    },
    async addEvents(rows, label) {
      added.append(rows.entity.length, [...cellsOf(rows), (row) => label[row]!]);
      added.flush();
      for (const side of SIDES)
        await database.run(
          `INSERT INTO ${side}_past SELECT ${side}, ts, count(*), sum(label) FROM added WHERE ${counted} GROUP BY ALL`,
        );
      await database.run('DELETE FROM added');
    },
    values: (names, rows) => valuesOf(database, asked, formula, names, rows),
    async write(file, cutoffMs) {
      const parts = SIDES.map(
        (side) => `SELECT '${side}' AS side, * FROM (${folded(side, formula, cutoffMs)})`,
      );
      await database.run(
        copyTo(`${parts.join(' UNION ALL ')} ORDER BY side, id, timestamp_ms`, file, PARQUET_OPTIONS),
      );
    },
    async close() {
      database.close();
      await rm(spillDirectory, { recursive: true, force: true });
    },
  };
}

const cellsOf = ({ entity, item, timestampMs }: PastRows) => [
  (row: number) => entity[row]!,
  (row: number) => item[row]!,
  (row: number) => timestampMs[row]!,
];

async function valuesOf(
  database: Database,
  asked: TableAppender,
  { features, trainRate }: PastFormula,
  names: readonly string[],
  rows: PastRows,
): Promise<RawColumns> {
  asked.append(rows.entity.length, [(row) => row, ...cellsOf(rows)]);
  asked.flush();
  const found = new Map<string, RawColumn>();
  for (const side of SIDES) {
    const wanted = features.filter(({ name, of }) => of === side && names.includes(name));
    if (wanted.length === 0) continue;
    const values = wanted.map(
      (feature) => `${countedHistorySql(feature, trainRate, 's')} AS ${ident(feature.name)}`,
    );
    const select = `SELECT * FROM (SELECT s.place, ${values.join(', ')} FROM (
        SELECT NULL AS place, id AS ${side}, ts, events, clicks FROM ${side}_past WHERE id IN (SELECT ${side} FROM asked)
        UNION ALL SELECT place, ${side}, ts, 0, 0 FROM asked) s) WHERE place IS NOT NULL ORDER BY place`;
    const pieces = [];
    const kinds = Object.fromEntries(wanted.map(({ name }) => [name, 'number' as const]));
    for await (const piece of readRaw(database, select, kinds)) pieces.push(piece);
    const { columns } = joinedPieces(pieces);
    for (const { name } of wanted)
      found.set(name, columns.get(name) ?? { kind: 'number', values: new Float64Array(0) });
  }
  await database.run('DELETE FROM asked');
  return found;
}

/**
 * One side's instants, those that no window of a later instant parts any more as one row at the latest of them: before the cutoff by more than
 * the longest reach, they are in the whole past of every instant since, and in no window.
 */
function folded(side: Side, { features }: PastFormula, cutoffMs: number | null): string {
  const own = features.filter(({ of }) => of === side);
  const reach = Math.max(...own.map((feature) => pastOf(feature)).map(({ from, until }) => from ?? until));
  const horizon = own.length === 0 || cutoffMs === null ? undefined : cutoffMs - reach;
  const isOld = horizon === undefined ? 'false' : `ts < ${horizon}`;
  const needed =
    own.length === 0 ? 'false' : own.every(({ days }) => days !== undefined) ? `NOT ${isOld}` : 'true';
  return `SELECT id, max(ts) AS timestamp_ms, CAST(sum(events) AS BIGINT) AS events, CAST(sum(clicks) AS BIGINT) AS clicks
    FROM ${side}_past WHERE ${needed} GROUP BY id, CASE WHEN ${isOld} THEN NULL ELSE ts END`;
}

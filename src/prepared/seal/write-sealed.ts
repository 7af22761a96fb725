// What was loaded of an unsealed folder, written as the format has it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../database/database.js';
import { copyTo } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import { hashFile } from '../../hash.js';
import type { Progress } from '../../progress.js';
import { PARQUET_OPTIONS, rawWords, SIDE_FILE, SPLIT, SPLITS, shardFile, vocabularyFile } from '../format.js';
import { type FeatureSpec, hasVocabulary, type ShardSummary, type SplitSummary } from '../manifest.js';
import { EVENTS } from './load-events.js';
import { wordsTable } from './load-tables.js';

/** Rows of a shard, about: a history is never cut. */
const SHARD_ROWS = 1_000_000;

/** Writes `events/part-NNNNN.parquet`, each with whole histories. */
export async function writeEvents(
  database: Database,
  folder: string,
  features: readonly FeatureSpec[],
  { truth, rows, progress }: { readonly truth: boolean; readonly rows: number; readonly progress: Progress },
): Promise<readonly ShardSummary[]> {
  await mkdir(join(folder, 'events'));
  const columns = ['entity', 'item', 'timestamp_ms', 'label', 'split', ...(truth ? ['truth'] : [])];
  for (const spec of features) columns.push(await stored(database, EVENTS, spec));
  const ranges = await database.rows(
    `SELECT min(entity) AS "from", max(entity) AS "to", CAST(sum(n) AS BIGINT) AS rows, count(*) AS entities
      FROM (SELECT entity, n, (sum(n) OVER (ORDER BY entity) - n) // ${SHARD_ROWS} AS shard
        FROM (SELECT entity, count(*) AS n FROM ${EVENTS} GROUP BY entity)) GROUP BY shard ORDER BY shard`,
  );
  const shards: ShardSummary[] = [];
  let done = 0;
  for (const range of ranges) {
    const file = shardFile(shards.length);
    const select = `SELECT ${columns.join(', ')} FROM ${EVENTS} WHERE entity BETWEEN ${range['from']} AND ${range['to']} ORDER BY rowid`;
    await database.run(copyTo(select, join(folder, file), PARQUET_OPTIONS));
    shards.push({ file, rows: Number(range['rows']), entities: Number(range['entities']) });
    done += Number(range['rows']);
    progress({ kind: 'step', done, total: rows, unit: 'rows' });
  }
  return shards;
}

/** A number takes half the space where nothing is lost by it. */
async function stored(database: Database, table: string, spec: FeatureSpec): Promise<string> {
  const column = ident(spec.name);
  if (hasVocabulary(spec)) return column;
  const { wide } = await database.numbers(
    `SELECT count(*) AS wide FROM (SELECT 1 FROM ${ident(table)} WHERE CAST(CAST(${column} AS FLOAT) AS DOUBLE) IS DISTINCT FROM ${column} LIMIT 1)`,
  );
  return `CAST(${column} AS ${wide === 0 ? 'FLOAT' : 'DOUBLE'}) AS ${column}`;
}

/** Writes `entities.parquet` or `items.parquet`: the unknown first, with counts of the events. */
export async function writeSide(
  database: Database,
  folder: string,
  side: 'entity' | 'item',
  features: readonly FeatureSpec[],
): Promise<void> {
  const table = side === 'entity' ? 'entities' : 'items';
  const counted = SPLITS.map(
    (name) => `CAST(count(*) FILTER (split = ${SPLIT[name]}) AS INTEGER) AS ${name}`,
  );
  const columns: string[] = [];
  const unknown: string[] = [];
  const joins: string[] = [];
  for (const spec of features) {
    columns.push(await stored(database, table, spec));
    unknown.push(spec.kind === 'multi' ? 'CAST([] AS INTEGER[])' : hasVocabulary(spec) ? '0' : 'NULL');
    if (!hasVocabulary(spec)) continue;
    const { sql, join } = rawOf(spec);
    columns.push(`${sql} AS ${ident(rawWords(spec.name))}`);
    joins.push(join);
    unknown.push('NULL');
  }
  const list = (sql: readonly string[]): string => sql.map((one) => `, ${one}`).join('');
  const select = `SELECT * FROM (SELECT CAST(0 AS INTEGER) AS "index", '' AS value,
      ${SPLITS.map((name) => `CAST(0 AS INTEGER) AS ${name}`).join(', ')}${list(unknown)}
    UNION ALL SELECT t."index", t.value, ${SPLITS.map((name) => `coalesce(c.${name}, 0)`).join(', ')}${list(columns)}
      FROM ${ident(table)} t LEFT JOIN (SELECT ${side}, ${counted.join(', ')} FROM ${EVENTS} GROUP BY ${side}) c
        ON c.${side} = t."index" ${joins.join(' ')} WHERE t."index" > 0) ORDER BY "index"`;
  // The first of the two names the columns.
  const names = ['index', 'value', ...SPLITS, ...features.flatMap(sideNames)].map(ident).join(', ');
  await database.run(
    copyTo(`SELECT * FROM (${select}) AS side(${names})`, join(folder, SIDE_FILE[side]), PARQUET_OPTIONS),
  );
}

const sideNames = (spec: FeatureSpec): readonly string[] =>
  hasVocabulary(spec) ? [spec.name, rawWords(spec.name)] : [spec.name];

/** Words as they are given, else those that the indexes stand for: `join` has all of them in their order. */
function rawOf(spec: FeatureSpec): { readonly sql: string; readonly join: string } {
  const [column, raw] = [`t.${ident(spec.name)}`, `t.${ident(rawWords(spec.name))}`];
  const alias = ident(`all.${spec.name}`);
  const join = `CROSS JOIN (SELECT coalesce(list(value ORDER BY "index"), CAST([] AS VARCHAR[])) AS words
    FROM ${ident(wordsTable(spec.name))} WHERE "index" > 0) ${alias}`;
  const known =
    spec.kind === 'multi'
      ? `CASE WHEN len(${column}) > 0 THEN list_transform(${column}, lambda one: ${alias}.words[one]) END`
      : `CASE WHEN ${column} > 0 THEN ${alias}.words[${column}] END`;
  return { sql: `coalesce(${raw}, ${known})`, join };
}

/** Writes the words of a feature by index. */
export async function writeWords(database: Database, folder: string, feature: string): Promise<void> {
  await mkdir(join(folder, 'vocabularies'), { recursive: true });
  const select = `SELECT CAST(0 AS INTEGER) AS "index", '' AS value UNION ALL
    (SELECT "index", value FROM ${ident(wordsTable(feature))} WHERE "index" > 0 ORDER BY "index")`;
  await database.run(
    copyTo(
      `SELECT * FROM (${select}) ORDER BY "index"`,
      join(folder, vocabularyFile(feature)),
      PARQUET_OPTIONS,
    ),
  );
}

/** Figures of each split. */
export async function summaries(
  database: Database,
): Promise<Readonly<Record<keyof typeof SPLIT, SplitSummary>>> {
  const found = await database.rows(
    `SELECT split, count(*) AS rows, count(DISTINCT entity) AS entities, count(DISTINCT item) AS items, CAST(sum(label) AS BIGINT) AS clicks,
        min(timestamp_ms) AS low, max(timestamp_ms) AS high FROM ${EVENTS} GROUP BY split`,
  );
  const of = (name: keyof typeof SPLIT): SplitSummary => {
    const row = found.find((one) => one['split'] === SPLIT[name]);
    if (row === undefined) return { rows: 0, entities: 0, items: 0, labelRate: 0, fromMs: null, toMs: null };
    const [rows, entities, items, clicks, low, high] = [
      'rows',
      'entities',
      'items',
      'clicks',
      'low',
      'high',
    ].map((key) => Number(row[key])) as [number, number, number, number, number, number];
    return { rows, entities, items, labelRate: clicks / rows, fromMs: low, toMs: high };
  };
  return { train: of('train'), valid: of('valid'), test: of('test'), support: of('support') };
}

export async function hashes(
  folder: string,
  files: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const file of files) found[file] = await hashFile(join(folder, file));
  return found;
}

// Whether the tables of entities, items and words are numbered as events refer to them, and count what the events hold.

import { join } from 'node:path';
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import type { UserError } from '../../errors.js';
import { SIDE_FILE, SPLIT, SPLITS } from '../format.js';
import { type FeatureSpec, hasVocabulary, type PreparedManifest } from '../manifest.js';
import {
  type ColumnTypes,
  columnFaults,
  featureRules,
  featureTypes,
  invalid,
  neverNull,
  type RowRule,
  rowFaults,
} from './row-rules.js';

/** Faults of `entities.parquet` or `items.parquet` by itself. */
export async function checkSide(
  database: Database,
  folder: string,
  manifest: PreparedManifest,
  side: 'entity' | 'item',
): Promise<readonly UserError[]> {
  const path = join(folder, SIDE_FILE[side]);
  const features = manifest.features.filter((spec) => spec.side === side);
  const counts: ColumnTypes = Object.fromEntries(SPLITS.map((name) => [name, 'INTEGER']));
  const rows = (side === 'entity' ? manifest.entities : manifest.items) + 1;
  const { version } = manifest;
  const { full, nullable } = featureTypes(features, version, true);
  return checkNumbered(database, path, rows, { ...counts, ...full }, nullable, [
    { broken: `"row" > 0 AND least(${SPLITS.join(', ')}) < 0`, what: 'counts fewer than no events' },
    {
      broken: `"row" = 0 AND (greatest(${SPLITS.join(', ')}) > 0 ${features.map((spec) => `OR ${notZero(spec, version)}`).join(' ')})`,
      what: 'is the unknown, which has no events and whose features are 0, the empty list or missing',
    },
    ...featureRules(features, version),
  ]);
}

/** SQL of a feature that is not that of the unknown. */
export const notZero = (spec: FeatureSpec, version: number): string => {
  const name = ident(spec.name);
  if (spec.kind === 'multi') return `len(${name}) > 0`;
  return version > 1 && !hasVocabulary(spec) ? `${name} IS NOT NULL` : `${name} <> 0`;
};

/** Faults of a vocabulary of `size` words. */
export async function checkVocabulary(
  database: Database,
  path: string,
  size: number,
): Promise<readonly UserError[]> {
  return checkNumbered(database, path, size, {}, {}, []);
}

/** A table whose row number is the index: `index`, `value`, and more columns. */
async function checkNumbered(
  database: Database,
  path: string,
  rows: number,
  more: ColumnTypes,
  nullable: ColumnTypes,
  rules: readonly RowRule[],
): Promise<readonly UserError[]> {
  const whole: ColumnTypes = { index: 'INTEGER', value: 'VARCHAR', ...more };
  const columns: ColumnTypes = { ...whole, ...nullable };
  const wrong = await columnFaults(database, path, columns);
  if (wrong.length > 0) return wrong;
  const { found, values } = await database.numbers(
    `SELECT count(*) AS found, count(DISTINCT value) AS "values" FROM ${parquetFile(path)}`,
  );
  const faults: UserError[] = [];
  if (found !== rows)
    faults.push(
      invalid(path, `The file holds ${found} rows, not ${rows}: one an index, with 0 for the unknown.`),
    );
  else if (values !== rows)
    faults.push(invalid(path, `It names only ${values} different values in ${rows} rows.`));
  const relation = `(SELECT file_row_number AS "row", ${Object.keys(columns).map(ident).join(', ')}
    FROM ${parquetFile(path, 'file_row_number = true')})`;
  const own: readonly RowRule[] = [
    { broken: '"index" <> "row"', what: 'has an index other than its place in the file' },
    { broken: `"row" = 0 AND value <> ''`, what: "is the unknown, whose value is ''" },
  ];
  return [
    ...faults,
    ...(await rowFaults(database, path, relation, [...neverNull(Object.keys(whole)), ...own, ...rules])),
  ];
}

/** Faults between the tables and the events: what one counts, the other must hold. */
export async function checkCounts(
  database: Database,
  folder: string,
  manifest: PreparedManifest,
): Promise<readonly UserError[]> {
  const shards = parquetFile(manifest.shards.map(({ file }) => join(folder, file)));
  const faults: UserError[] = [];
  for (const side of ['entity', 'item'] as const) {
    const path = join(folder, SIDE_FILE[side]);
    const counted = SPLITS.map((name) => `count(*) FILTER (split = ${SPLIT[name]}) AS ${name}`);
    const differs = SPLITS.map((name) => `coalesce(e.${name}, 0) <> t.${name}`).join(' OR ');
    const { n = 0, first } = await database.numbers(
      `SELECT count(*) AS n, min(t."index") AS first FROM ${parquetFile(path)} t
        LEFT JOIN (SELECT ${side} AS idx, ${counted.join(', ')} FROM ${shards} GROUP BY ${side}) e ON e.idx = t."index"
        WHERE ${differs}`,
    );
    if (n > 0)
      faults.push(
        invalid(
          path,
          `${n} rows, the first of them index ${first}, count other events than the shards hold of that ${side}.`,
        ),
      );
  }
  return [...faults, ...(await summaryFaults(database, folder, manifest, shards))];
}

async function summaryFaults(
  database: Database,
  folder: string,
  { splits, support }: PreparedManifest,
  shards: string,
): Promise<readonly UserError[]> {
  const events = await database.rows(
    `SELECT split, count(*) AS rows, avg(label) AS rate, min(timestamp_ms) AS low, max(timestamp_ms) AS high FROM ${shards} GROUP BY split`,
  );
  return SPLITS.flatMap((name) => {
    const row = events.find((found) => found['split'] === SPLIT[name]);
    const found = {
      rows: row?.['rows'] ?? 0,
      labelRate: row?.['rate'] ?? 0,
      fromMs: row?.['low'] ?? null,
      toMs: row?.['high'] ?? null,
    };
    const said = name === 'support' ? support : splits[name];
    if (said === undefined && row === undefined) return [];
    return (['rows', 'labelRate', 'fromMs', 'toMs'] as const).flatMap((key) => {
      const same =
        key === 'labelRate'
          ? Math.abs(Number(said?.[key]) - Number(found[key])) < 1e-6
          : said?.[key] === found[key];
      return same
        ? []
        : [
            invalid(
              join(folder, 'manifest.json'),
              `${name}.${key} is ${said?.[key]}, but the shards give ${found[key]}.`,
            ),
          ];
    });
  });
}

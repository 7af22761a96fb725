// Whether the shards of a prepared data set keep the order that everything after them relies on.

import { join } from 'node:path';
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import type { UserError } from '../../errors.js';
import { SPLIT } from '../format.js';
import type { PreparedManifest } from '../manifest.js';
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

const COLUMNS: ColumnTypes = {
  entity: 'INTEGER',
  item: 'INTEGER',
  timestamp_ms: 'BIGINT',
  label: 'UTINYINT',
  split: 'UTINYINT',
};

/** Faults of one shard by itself, and the last entity in it. */
export async function checkShard(
  database: Database,
  folder: string,
  manifest: PreparedManifest,
  index: number,
  lastEntity: number,
): Promise<{ readonly faults: readonly UserError[]; readonly lastEntity: number }> {
  const { file, rows, entities } = manifest.shards[index]!;
  const path = join(folder, file);
  const features = manifest.features.filter(({ side }) => side === 'event');
  const truth: ColumnTypes = manifest.oracleAuc === undefined ? {} : { truth: 'DOUBLE' };
  const types = featureTypes(features, manifest.version, false);
  const whole = { ...COLUMNS, ...truth, ...types.full };
  const columns = { ...whole, ...types.nullable };
  const wrong = await columnFaults(database, path, columns);
  if (wrong.length > 0) return { faults: wrong, lastEntity };

  const figures = await database.numbers(
    `SELECT count(*) AS rows, count(DISTINCT entity) AS entities, min(entity) AS first, max(entity) AS last FROM ${parquetFile(path)}`,
  );
  const faults: UserError[] = [];
  if (figures['rows'] !== rows)
    faults.push(invalid(path, `The file holds ${figures['rows']} rows, the manifest says ${rows}.`));
  if (figures['entities'] !== entities)
    faults.push(
      invalid(path, `The file holds ${figures['entities']} entities, the manifest says ${entities}.`),
    );
  if (figures['first']! <= lastEntity)
    faults.push(
      invalid(
        path,
        `It begins with entity ${figures['first']}, but shards before it go up to ${lastEntity}: entities ascend from shard to shard, and all events of one lie in one shard.`,
      ),
    );
  const values = `(SELECT file_row_number AS "row", ${Object.keys(columns).map(ident).join(', ')}
    FROM ${parquetFile(path, 'file_row_number = true')})`;
  const truthRule: RowRule[] =
    manifest.oracleAuc === undefined
      ? []
      : [{ broken: 'truth NOT BETWEEN 0 AND 1', what: 'has a "truth" that is no probability' }];
  faults.push(
    ...(await rowFaults(database, path, values, [
      ...neverNull(Object.keys(whole)),
      ...valueRules(manifest),
      ...truthRule,
      ...featureRules(features, manifest.version),
    ])),
    ...(await rowFaults(
      database,
      path,
      withRowBefore(path),
      mayOverlap(manifest) ? SORTED : [...SORTED, ...STRICTLY_LATER],
    )),
  );
  return { faults, lastEntity: Math.max(lastEntity, figures['last'] ?? 0) };
}

/** Indexes and codes of an event within what there is. */
export const valueRules = ({
  entities,
  items,
}: Pick<PreparedManifest, 'entities' | 'items'>): readonly RowRule[] => [
  { broken: `entity NOT BETWEEN 1 AND ${entities}`, what: `has an entity outside 1 to ${entities}` },
  { broken: `item NOT BETWEEN 1 AND ${items}`, what: `has an item outside 1 to ${items}` },
  { broken: 'label > 1', what: 'has a label that is neither 0 nor 1' },
  {
    broken: `split > ${SPLIT.support}`,
    what: 'has a split that is none of 0 train, 1 valid, 2 test, 3 support',
  },
];

/** Each row beside the one before it: `stage` is 0 for train and support, 1 for valid, 2 for test. */
function withRowBefore(path: string): string {
  return `(SELECT "row", entity, ts, stage, split, lag(entity) OVER w AS entity_before, lag(ts) OVER w AS ts_before,
      lag(stage) OVER w AS stage_before, lag(split) OVER w AS split_before
    FROM (SELECT file_row_number AS "row", entity, timestamp_ms AS ts, split,
        CASE split WHEN ${SPLIT.valid} THEN 1 WHEN ${SPLIT.test} THEN 2 ELSE 0 END AS stage
      FROM ${parquetFile(path, 'file_row_number = true')})
    WINDOW w AS (ORDER BY "row"))`;
}

/** Whether the split is a published one that is declared to overlap (`split.overlap: warn`), and measured with the leak in it. */
export function mayOverlap({ descriptor }: Pick<PreparedManifest, 'descriptor'>): boolean {
  const { split } = (descriptor ?? {}) as { readonly split?: { readonly overlap?: string } };
  return split?.overlap === 'warn';
}

const SORTED: readonly RowRule[] = [
  {
    broken: 'entity < entity_before',
    what: 'has a lower entity than the row before: rows are sorted by entity',
  },
  {
    broken: 'entity = entity_before AND ts < ts_before',
    what: "is earlier than the row before: an entity's rows are sorted by timestamp_ms",
  },
];

const STRICTLY_LATER: readonly RowRule[] = [
  {
    broken: 'entity = entity_before AND stage < stage_before',
    what: 'is of an earlier split than the row before: train or support come first, then valid, then test',
  },
  {
    broken: 'entity = entity_before AND stage > stage_before AND ts = ts_before',
    what: 'is of a later split than the row before, but of the same time: it must be strictly later, or support would not be the past of what is scored',
  },
  {
    broken: `entity = entity_before AND stage = 0 AND stage_before = 0 AND split <> split_before`,
    what: 'is support where the entity has training rows, or the other way round: an entity held out is never trained on',
  },
];

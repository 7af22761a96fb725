// Entities, items and vocabularies as Parquet, each with a row 0 for the unknown.

import { join } from 'node:path';
import type { Database } from '../../database/database.js';
import { copyTo } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import { PARQUET_OPTIONS, rawWords, SIDE_FILE, vocabularyFile } from '../../prepared/format.js';
import { hasVocabulary } from '../../prepared/manifest.js';
import { type EncodedFeature, vocabularyTable } from '../encode/encoded-feature.js';
import type { Side } from '../encode/side-rows.js';

/** Columns: index, value, train, valid, test, support, then the side's features, words beside their indexes. */
export async function writeSide(
  database: Database,
  folder: string,
  side: Side,
  features: readonly EncodedFeature[],
): Promise<void> {
  const counts = ['train', 'valid', 'test', 'support'];
  const encoded = features.flatMap(({ sql, words, spec }) => [
    `${sql} AS ${ident(spec.name)}`,
    ...(words === undefined ? [] : [`${words} AS ${ident(rawWords(spec.name))}`]),
  ]);
  const unknown = features.flatMap(({ spec, words }) => {
    const own = spec.kind === 'multi' ? 'CAST([] AS INTEGER[])' : hasVocabulary(spec) ? '0' : 'NULL';
    return [
      `${own} AS ${ident(spec.name)}`,
      ...(words === undefined ? [] : [`NULL AS ${ident(rawWords(spec.name))}`]),
    ];
  });
  const joins = features.map((feature) => feature.join).join(' ');
  await database.run(
    copyTo(
      `SELECT CAST(0 AS INTEGER) AS index, '' AS value, ${counts.map((name) => `CAST(0 AS INTEGER) AS ${name}`).join(', ')}
        ${unknown.map((sql) => `, ${sql}`).join('')}
      UNION ALL SELECT * FROM (SELECT r.idx, r.value, ${counts.map((name) => `r.${name}`).join(', ')}
        ${encoded.map((sql) => `, ${sql}`).join('')}
        FROM ${side}_rows r ${joins}) ORDER BY index`,
      join(folder, SIDE_FILE[side]),
      PARQUET_OPTIONS,
    ),
  );
}

/** Columns: index, value; index 0 is ''. Only features with values in words have one. */
export async function writeVocabulary(
  database: Database,
  folder: string,
  feature: EncodedFeature,
): Promise<void> {
  const { spec } = feature;
  if (!hasVocabulary(spec)) return;
  await database.run(
    copyTo(
      `SELECT CAST(0 AS INTEGER) AS index, '' AS value UNION ALL
        SELECT idx, value FROM ${ident(vocabularyTable(spec.name))} ORDER BY index`,
      join(folder, vocabularyFile(spec.name)),
      PARQUET_OPTIONS,
    ),
  );
}

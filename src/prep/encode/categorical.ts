// Categories become indexes from 1 in the natural order of their values; 0 is the unknown and the missing.

import type { Database } from '../../database/database.js';
import { ident, naturalOrder } from '../../database/sql.js';
import type { FeatureSide } from '../../prepared/format.js';
import { featureColumnName } from '../load/feature-column.js';
import { type EncodedFeature, type EncodingSource, vocabularyTable } from './encoded-feature.js';

/** Small vocabularies are looked up without a join, which keeps the order of rows; large ones would be slow that way. */
const MOST_ENUM_VALUES = 10_000;

/** Makes the feature's vocabulary from training rows alone. */
export async function encodeCategorical(
  database: Database,
  feature: { readonly name: string; readonly side: FeatureSide; readonly minCount: number },
  source: EncodingSource,
): Promise<EncodedFeature> {
  const { name, side } = feature;
  const column = ident(featureColumnName(feature));
  const vocabulary = ident(vocabularyTable(name));
  await database.run(
    `CREATE TABLE ${vocabulary} AS SELECT CAST(row_number() OVER (ORDER BY ${naturalOrder('value')}) AS INTEGER) AS idx, value
      FROM (SELECT CAST(${column} AS VARCHAR) AS value FROM ${source.relation} WHERE ${source.train} AND ${column} IS NOT NULL
        GROUP BY ${column} HAVING count(*) >= ${feature.minCount})`,
  );
  const { size = 0 } = await database.numbers(`SELECT count(*) + 1 AS size FROM ${vocabulary}`);
  const words = `CAST(r.${column} AS VARCHAR)`;
  const spec = { name, side, kind: 'categorical', size } as const;
  if (size > 1 && size <= MOST_ENUM_VALUES) {
    const codes = ident(`codes_${name}`);
    await database.run(`CREATE TYPE ${codes} AS ENUM (SELECT value FROM ${vocabulary} ORDER BY idx)`);
    const code = `enum_code(TRY_CAST(r.${column} AS ${codes}))`;
    return { spec, sql: `CAST(coalesce(${code} + 1, 0) AS INTEGER)`, words, join: '' };
  }
  const alias = ident(`v_${name}`);
  return {
    spec,
    sql: `coalesce(${alias}.idx, 0)`,
    words,
    join: `LEFT JOIN ${vocabulary} ${alias} ON r.${column} = ${alias}.value`,
  };
}

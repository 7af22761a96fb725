// Several values in one text become a list of indexes; values without an index are left out.
import type { Database } from '../../database/database.js';
import { ident, naturalOrder, trimmed } from '../../database/sql.js';
import type { FeatureOf } from '../descriptor/features.js';
import { featureColumnName } from '../load/feature-column.js';
import { listMembers } from '../sources/nested-values.js';
import { type EncodedFeature, type EncodingSource, vocabularyTable } from './encoded-feature.js';

/** SQL of the values that a text of several holds: trimmed, each once in order of first appearance, the first `max` of them. */
export function valuesSql(
  raw: string,
  { separator, max }: Pick<FeatureOf<'multi'>, 'separator' | 'max'>,
): string {
  const parts = listMembers(raw, separator);
  const bare = `list_filter(list_transform(${parts}, lambda part: ${trimmed('part')}), lambda part: part <> '')`;
  const once = `list_filter(${bare}, lambda part, place: list_position(${bare}, part) = place)`;
  return `list_slice(${once}, 1, ${max})`;
}

/** Splits every distinct text once, makes the vocabulary from training rows, then a dictionary text → indexes. */
export async function encodeMulti(
  database: Database,
  feature: FeatureOf<'multi'>,
  source: EncodingSource,
): Promise<EncodedFeature> {
  const { name, side, separator } = feature;
  const column = ident(featureColumnName(feature));
  const vocabulary = ident(vocabularyTable(name));
  const tokens = ident(`tokens_${name}`);
  const lists = ident(`lists_${name}`);
  const parts = listMembers('raw', separator);
  await database.run(
    `CREATE TABLE ${tokens} AS SELECT raw, value, place, n
      FROM (SELECT raw, any_value(n) AS n, ${trimmed('part')} AS value, min(place) AS place
        FROM (SELECT raw, n, unnest(${parts}) AS part, generate_subscripts(${parts}, 1) AS place
          FROM (SELECT ${column} AS raw, count(*) FILTER (${source.train}) AS n FROM ${source.relation}
            WHERE ${column} IS NOT NULL GROUP BY ${column}))
        WHERE ${trimmed('part')} <> '' GROUP BY raw, value)
      QUALIFY row_number() OVER (PARTITION BY raw ORDER BY place) <= ${feature.max}`,
  );
  await database.run(
    `CREATE TABLE ${vocabulary} AS SELECT CAST(row_number() OVER (ORDER BY ${naturalOrder('value')}) AS INTEGER) AS idx, value
      FROM (SELECT value FROM ${tokens} GROUP BY value HAVING sum(n) >= ${feature.minCount})`,
  );
  await database.run(
    `CREATE TABLE ${lists} AS SELECT t.raw, list(v.idx ORDER BY t.place) AS codes
      FROM ${tokens} t JOIN ${vocabulary} v USING (value) GROUP BY t.raw`,
  );
  const { size = 0 } = await database.numbers(`SELECT count(*) + 1 AS size FROM ${vocabulary}`);
  const alias = ident(`m_${name}`);
  return {
    spec: { name, side, kind: 'multi', size, separator },
    sql: `coalesce(${alias}.codes, CAST([] AS INTEGER[]))`,
    words: valuesSql(`CAST(r.${column} AS VARCHAR)`, feature),
    join: `LEFT JOIN ${lists} ${alias} ON r.${column} = ${alias}.raw`,
  };
}

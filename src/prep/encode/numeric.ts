// Numbers: logarithm, standardising and quantile buckets, with figures from training rows alone.

import type { Database } from '../../database/database.js';
import { double, ident } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import type { FeatureSide } from '../../prepared/format.js';
import { featureColumnName } from '../load/feature-column.js';
import { LARGEST_NUMBER } from '../load/numbers.js';
import type { EncodedFeature, EncodingSource } from './encoded-feature.js';

export interface NumericFeature {
  readonly name: string;
  readonly side: FeatureSide;
  readonly log: boolean;
  readonly standardise: boolean;
  readonly buckets?: number | undefined;
}

/** A number as a 32-bit float, or as the category of its quantile bucket. */
export function encodeNumeric(
  database: Database,
  feature: NumericFeature,
  source: EncodingSource,
): Promise<EncodedFeature> {
  return feature.buckets === undefined
    ? standardise(database, feature, source)
    : bucket(database, feature, feature.buckets, source);
}

async function standardise(
  database: Database,
  feature: NumericFeature,
  source: EncodingSource,
): Promise<EncodedFeature> {
  const { name, side, log } = feature;
  const transformed = (column: string): string => (log ? `sign(${column}) * ln(1 + abs(${column}))` : column);
  const column = ident(featureColumnName(feature));
  let mean = 0;
  let deviation = 1;
  if (feature.standardise) {
    const figures = await database.numbers(
      `SELECT avg(v) AS mean, stddev_pop(v) AS deviation FROM (SELECT ${transformed(column)} AS v FROM ${source.relation}
        WHERE ${source.train} AND ${column} IS NOT NULL)`,
    );
    mean = rounded(figures['mean'] ?? 0);
    deviation = rounded(figures['deviation'] ?? 1) || 1;
    if (!log && deviation < 2) await refuseFarNumbers(database, feature, source.relation, mean, deviation);
  }
  const value = `(${transformed(`r.${column}`)} - ${double(mean)}) / ${double(deviation)}`;
  return {
    spec: { name, side, kind: 'numeric', transform: { log, mean, deviation, missing: 0 } },
    sql: `CAST(coalesce(${value}, 0) AS FLOAT)`,
    join: '',
  };
}

/** Throws `UserError` DATA_NUMBER_RANGE for a number that is no 32-bit float any more once it is divided by the deviation. */
async function refuseFarNumbers(
  database: Database,
  feature: NumericFeature,
  relation: string,
  mean: number,
  deviation: number,
): Promise<void> {
  const column = ident(featureColumnName(feature));
  const [far] = await database.rows(
    `SELECT CAST(${column} AS VARCHAR) AS value FROM ${relation} WHERE abs(${column} - ${double(mean)}) > ${double(deviation * LARGEST_NUMBER)} LIMIT 1`,
  );
  if (far === undefined) return;
  throw new UserError({
    code: 'DATA_NUMBER_RANGE',
    where: `features.${feature.name}`,
    what: `The value ${far['value']} is past the range of 32-bit floats once it is divided by the deviation of the training rows, ${deviation}.`,
    next: 'Correct the value, or set "log: true" or "buckets" for the feature.',
  });
}

/** Seven digits: the order in which threads add up must not show in the result. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : 0;
}

async function bucket(
  database: Database,
  feature: NumericFeature,
  buckets: number,
  source: EncodingSource,
): Promise<EncodedFeature> {
  const { name, side } = feature;
  const column = ident(featureColumnName(feature));
  const places = Array.from({ length: buckets - 1 }, (_, index) => (index + 1) / buckets);
  const [row] = await database.rows(
    `SELECT quantile_disc(${column}, [${places.join(', ')}]) AS edges, max(${column}) AS highest FROM ${source.relation}
      WHERE ${source.train} AND ${source.sample} AND ${column} IS NOT NULL`,
  );
  const found = Array.isArray(row?.['edges']) ? row['edges'].map(Number) : [];
  const highest = Number(row?.['highest']);
  const edges = [...new Set(found)].filter((edge) => edge < highest);
  return {
    spec: { name, side, kind: 'categorical', size: edges.length + 2, edges },
    sql: `CASE WHEN r.${column} IS NULL THEN 0 ELSE ${bucketOf(`r.${column}`, edges, 0, edges.length)} END`,
    join: '',
  };
}

/** Nested CASE that finds 1 + count(edges < value) by halving. */
function bucketOf(value: string, edges: readonly number[], from: number, to: number): string {
  if (from === to) return String(1 + from);
  const middle = (from + to) >> 1;
  const above = bucketOf(value, edges, middle + 1, to);
  const below = bucketOf(value, edges, from, middle);
  return `CASE WHEN ${double(edges[middle]!)} < ${value} THEN ${above} ELSE ${below} END`;
}

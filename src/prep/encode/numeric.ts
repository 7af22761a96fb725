// Numbers stay as the log has them; what a model is given in their place rests on figures of training rows alone.

import type { Database } from '../../database/database.js';
import { double, ident } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import { standardised, transformed } from '../../prepared/encode-number.js';
import type { FeatureSide } from '../../prepared/format.js';
import type { NumericTransform } from '../../prepared/manifest.js';
import { featureColumnName } from '../load/feature-column.js';
import { LARGEST_NUMBER } from '../load/numbers.js';
import type { EncodedFeature, EncodingSource } from './encoded-feature.js';

interface NumericFeature {
  readonly name: string;
  readonly side: FeatureSide;
  readonly log: boolean;
  readonly standardise: boolean;
  readonly buckets?: number | undefined;
}

/** A number with its transform, or with the edges of its quantile buckets. Throws UserError DATA_NUMBER_RANGE. */
export async function encodeNumeric(
  database: Database,
  feature: NumericFeature,
  source: EncodingSource,
): Promise<EncodedFeature> {
  const { name, side, buckets } = feature;
  const column = ident(featureColumnName(feature));
  if (buckets !== undefined) {
    const edges = await quantiles(database, column, buckets, source);
    return {
      spec: { name, side, kind: 'categorical', size: edges.length + 2, edges },
      sql: await stored(database, column, source),
      join: '',
    };
  }
  const transform = await figures(database, feature, column, source);
  if (mayBeFar(transform)) await refuseFar(database, name, column, transform, source);
  return {
    spec: { name, side, kind: 'numeric', transform },
    sql: await stored(database, column, source),
    join: '',
  };
}

/** Whether a number of those that are read at all could be past 32-bit floats once it is standardised. */
function mayBeFar({ log, mean, deviation }: NumericTransform): boolean {
  const largest = log ? Math.log1p(LARGEST_NUMBER) : LARGEST_NUMBER;
  return (largest + Math.abs(mean)) / deviation > LARGEST_NUMBER;
}

/** Throws `UserError` for a number that is no 32-bit float any more once it is standardised. */
async function refuseFar(
  database: Database,
  name: string,
  column: string,
  transform: NumericTransform,
  { relation }: EncodingSource,
): Promise<void> {
  const [far] = await database.rows(
    `SELECT CAST(${column} AS VARCHAR) AS value FROM ${relation} WHERE abs(${standardised(column, transform)}) > ${double(LARGEST_NUMBER)}
      ORDER BY abs(${standardised(column, transform)}) DESC LIMIT 1`,
  );
  if (far === undefined) return;
  throw new UserError({
    code: 'DATA_NUMBER_RANGE',
    where: `features.${name}`,
    what: `The value ${far['value']} is past the range of 32-bit floats once it is divided by the deviation of the training rows, ${transform.deviation}.`,
    next: 'Correct the value, or set "log: true" or "buckets" for the feature.',
  });
}

/** Half the size where nothing is lost by it: whole numbers of up to 16 million, halves, quarters. Looks no further than the first other. */
async function stored(database: Database, column: string, { relation }: EncodingSource): Promise<string> {
  const { wide } = await database.numbers(
    `SELECT count(*) AS wide FROM (SELECT 1 FROM ${relation} WHERE CAST(TRY_CAST(${column} AS FLOAT) AS DOUBLE) IS DISTINCT FROM ${column} LIMIT 1)`,
  );
  return `CAST(r.${column} AS ${wide === 0 ? 'FLOAT' : 'DOUBLE'})`;
}

async function figures(
  database: Database,
  { log, standardise }: NumericFeature,
  column: string,
  source: EncodingSource,
): Promise<NumericTransform> {
  if (!standardise) return { log, mean: 0, deviation: 1, missing: 0 };
  const values = `(SELECT ${transformed(column, log)} AS v FROM ${source.relation}
    WHERE ${source.train} AND ${column} IS NOT NULL)`;
  const found = await database.numbers(
    `SELECT avg(v) AS mean, stddev_pop(v) AS deviation, min(v) AS least FROM ${values}`,
  );
  const deviation = rounded(found['deviation'] ?? 1) || 1;
  const mean = rounded(found['mean'] ?? 0);
  if (Math.abs(mean) < LARGE_MEAN * deviation) return { log, mean, deviation, missing: 0 };
  // Far from 0 beside their spread, seven digits of the mean would hide it: they are counted from the least value.
  const least = found['least']!;
  const above = await database.numbers(
    `SELECT avg(v - CAST('${least}' AS DOUBLE)) AS mean, stddev_pop(v - CAST('${least}' AS DOUBLE)) AS deviation FROM ${values}`,
  );
  return {
    log,
    mean: least + rounded(above['mean'] ?? 0),
    deviation: rounded(above['deviation'] ?? 1) || 1,
    missing: 0,
  };
}

/** Means beyond so many deviations are not rounded to seven digits of themselves. */
const LARGE_MEAN = 1000;

/** Seven digits: the order in which threads add up must not show in the result. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : 0;
}

async function quantiles(
  database: Database,
  column: string,
  buckets: number,
  source: EncodingSource,
): Promise<readonly number[]> {
  const places = Array.from({ length: buckets - 1 }, (_, index) => (index + 1) / buckets);
  const [row] = await database.rows(
    `SELECT quantile_disc(${column}, [${places.join(', ')}]) AS edges, max(${column}) AS highest FROM ${source.relation}
      WHERE ${source.train} AND ${source.sample} AND ${column} IS NOT NULL`,
  );
  const found = Array.isArray(row?.['edges']) ? row['edges'].map(Number) : [];
  const highest = Number(row?.['highest']);
  return [...new Set(found)].filter((edge) => edge < highest);
}

// SQL that turns a raw number into the value a model is given; what prep's figures mean, in one place.
import { double } from '../database/sql.js';
import type { FeatureSpec, NumericTransform } from './manifest.js';

/** A number's transform before standardising: the logarithm of its size with its sign, or nothing. */
export const transformed = (column: string, log: boolean): string =>
  log ? `sign(${column}) * ln(1 + abs(${column}))` : column;

/** The standardised number of a raw one as DOUBLE; NULL where it is missing. */
export const standardised = (column: string, { log, mean, deviation }: NumericTransform): string =>
  `(${transformed(column, log)} - ${double(mean)}) / ${double(deviation)}`;

/** SQL of what a model is given for a feature whose raw number stands in `column`: a FLOAT, or the index of a bucket. */
export function encodedNumber(spec: FeatureSpec, column: string): string {
  const value = `CAST(${column} AS DOUBLE)`;
  if (spec.kind === 'numeric') return `CAST(coalesce(${standardised(value, spec.transform)}, 0) AS FLOAT)`;
  const edges = 'edges' in spec ? (spec.edges ?? []) : [];
  return `CAST(CASE WHEN ${column} IS NULL THEN 0 ELSE ${bucketOf(value, edges, 0, edges.length)} END AS INTEGER)`;
}

/** Nested CASE that finds 1 + count(edges < value) by halving. */
function bucketOf(value: string, edges: readonly number[], from: number, to: number): string {
  if (from === to) return String(1 + from);
  const middle = (from + to) >> 1;
  const above = bucketOf(value, edges, middle + 1, to);
  const below = bucketOf(value, edges, from, middle);
  return `CASE WHEN ${double(edges[middle]!)} < ${value} THEN ${above} ELSE ${below} END`;
}

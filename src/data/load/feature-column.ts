// The stored raw value of a feature read from a file: text for categories, a number for numbers, milliseconds for dates.
import { text } from '../database/sql.js';
import type { FeatureOf } from '../descriptor/features.js';
import { cleaned, finite, milliseconds, present, timeWords } from './expressions.js';
import type { Fault, PlannedColumn } from './plan.js';

/** Features whose value comes from a column, as opposed to the clock or the log's past. */
export type ReadFeature = FeatureOf<'categorical' | 'multi' | 'numeric' | 'elapsed'>;

/** Column that holds a feature's raw value in tables of ours. */
export const featureColumnName = (feature: { readonly name: string }): string => `f_${feature.name}`;

/** Plans the column of one feature; `raw` gives the SQL of a raw column. */
export function planFeature(
  feature: ReadFeature,
  missing: readonly string[],
  raw: (column: string) => string,
): { readonly column: PlannedColumn; readonly faults: readonly Fault[] } {
  const name = featureColumnName(feature);
  const column = feature.column ?? feature.name;
  if (feature.kind === 'elapsed') {
    const value = present(raw(column), missing);
    const ms = milliseconds(value, feature.unit);
    const fault = { column, when: `${value} IS NOT NULL AND ${ms} IS NULL`, reason: timeWords(feature.unit) };
    return { column: { name, type: 'BIGINT', sql: ms }, faults: [fault] };
  }
  const texts = [...missing, ...feature.missing];
  if (feature.kind === 'multi') {
    const flags = feature.flags;
    const sql =
      flags === undefined
        ? present(raw(column), texts)
        : `nullif(concat_ws(${text(feature.separator)}, ${flags.map((flag) => flagged(raw(flag), flag)).join(', ')}), '')`;
    return { column: { name, type: 'VARCHAR', sql }, faults: [] };
  }
  const value = cleaned(present(raw(column), texts), feature);
  if (feature.kind === 'categorical') return { column: { name, type: 'VARCHAR', sql: value }, faults: [] };
  const number = finite(value);
  const fault = { column, when: `${value} IS NOT NULL AND ${number} IS NULL`, reason: 'not a number' };
  return { column: { name, type: 'DOUBLE', sql: number }, faults: [fault] };
}

function flagged(raw: string, name: string): string {
  return `CASE WHEN lower(trim(${raw})) IN ('1', '1.0', 'true') THEN ${text(name)} END`;
}

// The stored raw value of a feature read from a file: text for categories, a number for numbers, milliseconds for dates.

import { quoted, trimmed } from '../../database/sql.js';
import type { ReadFeature } from '../descriptor/features.js';
import { isMarkedList, isNested, isObject, MARKED_REASON, NESTED_REASON } from '../sources/nested-values.js';
import { cleaned, milliseconds } from './expressions.js';
import { nulFault } from './nul.js';
import { LARGEST_NUMBER, LARGEST_REASON, plainNumber } from './numbers.js';
import type { Fault, PlannedColumn } from './plan.js';
import type { RawColumns } from './raw-columns.js';
import { timeWords } from './times.js';

/** Column that holds a feature's raw value in tables of ours. */
export const featureColumnName = (feature: { readonly name: string }): string => `f_${feature.name}`;

/** Plans the column of one feature. */
export function planFeature(
  feature: ReadFeature,
  missing: readonly string[],
  columns: RawColumns,
  /** Whether the format knows lists and objects. */
  nested = false,
): { readonly column: PlannedColumn; readonly faults: readonly Fault[] } {
  const name = featureColumnName(feature);
  const column = feature.column ?? feature.name;
  if (feature.kind === 'elapsed') {
    const { ms, present } = milliseconds(columns, column, missing, feature.unit);
    const when = `(${present} IS NOT NULL AND (${ms}) IS NULL)`;
    return {
      column: { name, type: 'BIGINT', sql: ms },
      faults: [{ column, when, reason: timeWords(feature.unit) }],
    };
  }
  const texts = [...missing, ...feature.missing];
  if (feature.kind === 'multi') {
    const { flags, separator } = feature;
    const sql =
      flags === undefined
        ? columns.text(column, texts)
        : `nullif(concat_ws(${quoted(separator)}, ${flags.map((flag) => flagged(columns.raw(flag), flag)).join(', ')}), '')`;
    const faults =
      nested && flags === undefined
        ? [
            { column, when: isObject(sql), reason: NESTED_REASON },
            { column, when: isMarkedList(sql), reason: MARKED_REASON },
          ]
        : [];
    const nul = flags === undefined ? [nulFault(column, sql)] : [];
    return { column: { name, type: 'VARCHAR', sql }, faults: [...faults, ...nul] };
  }
  const isClean = feature.pattern === undefined && feature.prefix === undefined && !('written' in feature);
  if (feature.kind === 'numeric' && isClean) {
    const { value, present } = columns.number(column, texts);
    return numeric(name, column, value, present);
  }
  const held = columns.text(column, texts);
  const value = cleaned(held, feature);
  if (feature.kind === 'categorical') {
    const faults = nested ? [{ column, when: isNested(held), reason: NESTED_REASON }] : [];
    return { column: { name, type: 'VARCHAR', sql: value }, faults: [...faults, nulFault(column, held)] };
  }
  const number = feature.written === undefined ? value : plainNumber(value, feature.written);
  return numeric(name, column, columns.numberOf(number), columns.named(value));
}

function numeric(
  name: string,
  column: string,
  value: string,
  present: string,
): { readonly column: PlannedColumn; readonly faults: readonly Fault[] } {
  const when = `(${present} IS NOT NULL AND ${value} IS NULL)`;
  return {
    column: { name, type: 'DOUBLE', sql: value },
    faults: [
      { column, when, reason: 'not a number' },
      { column, when: `abs(${value}) > ${LARGEST_NUMBER}`, reason: LARGEST_REASON },
    ],
  };
}

function flagged(raw: string, name: string): string {
  return `CASE WHEN lower(${trimmed(raw)}) IN ('1', '1.0', 'true') THEN ${quoted(name)} END`;
}

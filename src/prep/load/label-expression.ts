// The label of a raw row, and what makes it no label.
import { textList } from '../../database/sql.js';
import type { LabelDescriptor } from '../descriptor/columns.js';
import { nulFault } from './nul.js';
import type { Drop, Fault, PlannedColumn } from './plan.js';
import type { RawColumns } from './raw-columns.js';

interface LabelPlan {
  readonly columns: readonly PlannedColumn[];
  readonly faults: readonly Fault[];
  readonly drops: readonly Drop[];
}

const label = (sql: string): PlannedColumn => ({ name: 'label', type: 'UTINYINT', sql });

/** Plans `label` (and `total` where a row stands for several exposures, `label` then being the clicks among them). */
export function planLabel(
  descriptor: LabelDescriptor,
  missing: readonly string[],
  columns: RawColumns,
): LabelPlan {
  switch (descriptor.kind) {
    case 'threshold': {
      const { column, threshold, range } = descriptor;
      const { value } = columns.number(column, missing);
      const declared = range === undefined ? '' : ` from ${range[0]} to ${range[1]}`;
      const outside = range === undefined ? '' : ` OR ${value} NOT BETWEEN ${range[0]} AND ${range[1]}`;
      return {
        columns: [label(`(${value} >= ${threshold})`)],
        faults: [{ column, when: `(${value} IS NULL${outside})`, reason: `not a number${declared}` }],
        drops: [],
      };
    }
    case 'values':
      return planValues(descriptor, columns.text(descriptor.column, missing));
    case 'binary': {
      const { column } = descriptor;
      const { value, present } = columns.number(column, missing);
      const word = `CASE lower(CAST(${present} AS VARCHAR)) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END`;
      const code = columns.named(`CASE ${value} WHEN 1 THEN 1 WHEN 0 THEN 0 ELSE ${word} END`);
      return {
        columns: [label(code)],
        faults: [{ column, when: `${code} IS NULL`, reason: 'not a label (0, 1, true, false)' }],
        drops: [],
      };
    }
    case 'counts':
      return planCounts(descriptor, missing, columns);
    case 'implicit':
      return { columns: [label('1')], faults: [], drops: [] };
  }
}

function planCounts(
  descriptor: Extract<LabelDescriptor, { kind: 'counts' }>,
  missing: readonly string[],
  columns: RawColumns,
): LabelPlan {
  const count = (column: string): string => {
    const { value } = columns.number(column, missing);
    return columns.named(`CASE WHEN ${value} = floor(${value}) THEN TRY_CAST(${value} AS UINTEGER) END`);
  };
  const positives = count(descriptor.positives);
  const total = count(descriptor.total);
  return {
    columns: [
      { name: 'label', type: 'UINTEGER', sql: positives },
      { name: 'total', type: 'UINTEGER', sql: total },
    ],
    faults: [
      { column: descriptor.positives, when: `${positives} IS NULL`, reason: 'not a count' },
      { column: descriptor.total, when: `${total} IS NULL`, reason: 'not a count' },
      {
        column: descriptor.positives,
        when: `${positives} > ${total}`,
        reason: `more than "${descriptor.total}"`,
      },
    ],
    drops: [{ reason: 'rows without exposures', when: `coalesce(${total} = 0, false)` }],
  };
}

function planValues(descriptor: Extract<LabelDescriptor, { kind: 'values' }>, value: string): LabelPlan {
  const { column, positive, negative, otherwise } = descriptor;
  const known = `coalesce(${value}, '') IN ${textList([...positive, ...negative])}`;
  const columns = [label(`(${value} IN ${textList(positive)})`)];
  const nul = nulFault(column, value);
  if (otherwise === 'negative')
    return {
      columns: [label(`coalesce(${value} IN ${textList(positive)}, false)`)],
      faults: [nul],
      drops: [],
    };
  if (otherwise === 'drop')
    return {
      columns,
      faults: [nul],
      drops: [{ reason: 'rows with other label values', when: `NOT ${known}` }],
    };
  const reason = `not one of the declared label values (${[...positive, ...negative].join(', ')})`;
  return { columns, faults: [nul, { column, when: `NOT ${known}`, reason }], drops: [] };
}

// The label of a raw row, and what makes it no label.
import { textList } from '../database/sql.js';
import type { LabelDescriptor } from '../descriptor/columns.js';
import { finite, present } from './expressions.js';
import type { Drop, Fault, PlannedColumn } from './plan.js';

export interface LabelPlan {
  readonly columns: readonly PlannedColumn[];
  readonly faults: readonly Fault[];
  readonly drops: readonly Drop[];
}

const label = (sql: string): PlannedColumn => ({ name: 'label', type: 'UTINYINT', sql });

/** Plans `label` (and `total` where a row stands for several exposures, `label` then being the clicks among them). */
export function planLabel(
  descriptor: LabelDescriptor,
  missing: readonly string[],
  raw: (column: string) => string,
): LabelPlan {
  switch (descriptor.kind) {
    case 'threshold': {
      const { column, threshold, range } = descriptor;
      const value = finite(present(raw(column), missing));
      const outside = range === undefined ? [] : [`${value} NOT BETWEEN ${range[0]} AND ${range[1]}`];
      const declared = range === undefined ? '' : ` from ${range[0]} to ${range[1]}`;
      return {
        columns: [label(`(${value} >= ${threshold})`)],
        faults: [`${value} IS NULL`, ...outside].map((when) => ({
          column,
          when,
          reason: `not a number${declared}`,
        })),
        drops: [],
      };
    }
    case 'values':
      return planValues(descriptor, present(raw(descriptor.column), missing));
    case 'binary': {
      const { column } = descriptor;
      const value = `lower(${present(raw(column), missing)})`;
      const known = ['0', '1', 'true', 'false', '0.0', '1.0'];
      return {
        columns: [label(`(${value} IN ('1', '1.0', 'true'))`)],
        faults: [
          {
            column,
            when: `coalesce(${value}, '') NOT IN ${textList(known)}`,
            reason: 'not a label (0, 1, true, false)',
          },
        ],
        drops: [],
      };
    }
    case 'counts': {
      const count = (column: string): string => `TRY_CAST(${present(raw(column), missing)} AS UINTEGER)`;
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
    case 'implicit':
      return { columns: [label('1')], faults: [], drops: [] };
  }
}

function planValues(descriptor: Extract<LabelDescriptor, { kind: 'values' }>, value: string): LabelPlan {
  const { column, positive, negative, otherwise } = descriptor;
  const known = `coalesce(${value}, '') IN ${textList([...positive, ...negative])}`;
  const columns = [label(`(${value} IN ${textList(positive)})`)];
  if (otherwise === 'negative')
    return { columns: [label(`coalesce(${value} IN ${textList(positive)}, false)`)], faults: [], drops: [] };
  if (otherwise === 'drop')
    return { columns, faults: [], drops: [{ reason: 'rows with other label values', when: `NOT ${known}` }] };
  const reason = `not one of the declared label values (${[...positive, ...negative].join(', ')})`;
  return { columns, faults: [{ column, when: `NOT ${known}`, reason }], drops: [] };
}

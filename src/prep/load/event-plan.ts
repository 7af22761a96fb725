// What is taken from the rows of the log itself.

import { textList, trimmed } from '../../database/sql.js';
import { SPLIT, type SplitName } from '../../prepared/format.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { statedSplit } from '../descriptor/split.js';
import { isNested, NESTED_REASON } from '../sources/nested-values.js';
import { keeps, milliseconds } from './expressions.js';
import { planFeature } from './feature-column.js';
import { idPart, joinedId, NOT_WHOLE } from './ids.js';
import { planLabel } from './label-expression.js';
import { nulFault } from './nul.js';
import type { Drop, Fault, LoadPlan, PlannedColumn } from './plan.js';
import { rawColumns } from './raw-columns.js';
import { timeWords } from './times.js';

/** Column of the loaded log that holds the key of a side table joined on a column of the events. */
export const tableKeyColumn = (table: string): string => `k_${table}`;

/** Plans the columns entity, item, ts, label (total), truth, given, f_* and k_* of the loaded log. */
export function planEvents(descriptor: ResolvedDescriptor, fileSplit: SplitName | undefined): LoadPlan {
  const { events, columns, split } = descriptor;
  const raw = rawColumns();
  const nested = events.format !== 'csv';
  const planned: PlannedColumn[] = [];
  const faults: Fault[] = [];
  const drops: Drop[] = events.where.map((filter) => ({
    reason: `rows filtered by ${filter.column}`,
    when: `NOT ${keeps(raw.raw(filter.column), filter)}`,
  }));

  for (const side of ['entity', 'item'] as const) {
    const names = typeof columns[side] === 'string' ? [columns[side]] : columns[side];
    const parts = names.map((name) => raw.text(name, events.missing));
    const ids = parts.map((part) => idPart(part, columns.ids, side));
    planned.push({ name: side, type: 'VARCHAR', sql: joinedId(ids.map(({ sql }) => sql)) });
    for (const [index, part] of parts.entries()) {
      const column = names[index]!;
      faults.push({ column, when: `${part} IS NULL`, reason: `no ${side}: the value is missing` });
      const { wrong } = ids[index]!;
      if (wrong !== undefined) faults.push({ column, when: wrong, reason: NOT_WHOLE });
      faults.push(nulFault(column, part));
      if (nested) faults.push({ column, when: isNested(part), reason: NESTED_REASON });
    }
  }

  if ('sourceOrder' in columns.timestamp) planned.push({ name: 'ts', type: 'BIGINT', sql: '0' });
  else {
    const { column, unit, format } = columns.timestamp;
    const { ms } = milliseconds(raw, column, events.missing, unit, format);
    planned.push({ name: 'ts', type: 'BIGINT', sql: ms });
    faults.push({ column, when: `(${ms}) IS NULL`, reason: timeWords(unit, format) });
  }

  const label = planLabel(columns.label, events.missing, raw);
  planned.push(...label.columns);
  faults.push(...label.faults);
  drops.push(...label.drops);

  if (columns.truth !== undefined) {
    const truth = raw.number(columns.truth, events.missing).value;
    planned.push({ name: 'truth', type: 'DOUBLE', sql: truth });
    faults.push({
      column: columns.truth,
      when: `coalesce(${truth} NOT BETWEEN 0 AND 1, true)`,
      reason: 'not a probability from 0 to 1',
    });
  }

  const stated = statedSplit(split);
  if (stated !== undefined) {
    if (fileSplit !== undefined)
      planned.push({ name: 'given', type: 'UTINYINT', sql: String(SPLIT[fileSplit]) });
    else if (stated.column !== undefined) {
      const value = raw.named(trimmed(raw.raw(stated.column)));
      faults.push(nulFault(stated.column, value));
      const cases = (['train', 'valid', 'test'] as const).map(
        (name) => `WHEN ${value} IN ${textList(stated.values[name])} THEN ${SPLIT[name]}`,
      );
      const code = `CASE ${cases.join(' ')} END`;
      planned.push({ name: 'given', type: 'UTINYINT', sql: code });
      faults.push({
        column: stated.column,
        when: `${code} IS NULL`,
        reason: 'not one of the declared split values',
      });
    }
  }

  for (const feature of descriptor.features) {
    if (!('from' in feature) || feature.from !== 'events') continue;
    const plan = planFeature(feature, events.missing, raw, nested);
    planned.push(plan.column);
    faults.push(...plan.faults);
  }
  for (const [name, table] of Object.entries(descriptor.tables)) {
    if (table.on === 'entity' || table.on === 'item') continue;
    const key = raw.text(table.on, events.missing);
    planned.push({ name: tableKeyColumn(name), type: 'VARCHAR', sql: key });
    faults.push(nulFault(table.on, key));
  }
  return { ...raw.plan(), columns: planned, faults, drops };
}

// Cells of CSV rows as raw values.
import { UserError } from '../../errors.js';
import type { KnownDescriptor } from '../graph/describe-graph.js';
import type { RawInput } from '../graph/raw-input.js';
import { type CsvRow, INPUT_NAME } from './csv-rows.js';
import { columnKind, type RawColumn, splitValues } from './raw-column.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** How cells of one input are read. */
export interface CellRule {
  /** Texts that mean "no value", besides the empty one. */
  readonly missing: ReadonlySet<string>;
  /** Between several values, and the most that are kept. */
  readonly separator: string;
  readonly max: number;
}

/** The rule that the log was read by. */
export function cellRule({ name }: RawInput, { features, events, tables }: KnownDescriptor): CellRule {
  const feature = features?.find((candidate) => candidate.name === name);
  const missing = new Set<string>();
  if (feature !== undefined && 'missing' in feature) {
    const table = feature.from === 'events' ? events : tables?.[feature.from];
    for (const text of [...feature.missing, ...(table?.missing ?? [])]) missing.add(text);
  }
  return feature?.kind === 'multi'
    ? { missing, separator: feature.separator, max: feature.max }
    : { missing, separator: '|', max: Number.POSITIVE_INFINITY };
}

/** One column of some rows; `source` is what errors call the input. Throws UserError ROWS_BAD_NUMBER with line, column and value. */
export function readCells(
  input: RawInput,
  rows: readonly CsvRow[],
  place: number,
  columnName: string,
  rule: CellRule,
  source = INPUT_NAME,
): RawColumn {
  const present = ({ fields }: CsvRow): string => {
    const cell = fields[place]!.trim();
    return rule.missing.has(cell) ? '' : cell;
  };
  switch (columnKind(input)) {
    case 'text':
      return { kind: 'text', values: rows.map(present) };
    case 'texts':
      return {
        kind: 'texts',
        values: rows.map((row) => splitValues(present(row), rule.separator, rule.max)),
      };
    case 'number':
      return {
        kind: 'number',
        values: Float64Array.from(rows, (row) =>
          number(present(row), `${source}:${row.line} › ${columnName}`),
        ),
      };
  }
}

function number(cell: string, where: string): number {
  if (cell === '') return Number.NaN;
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new UserError({
    code: 'ROWS_BAD_NUMBER',
    where,
    what: `"${cell.slice(0, 100)}" is no number.`,
    next: 'Mend the value, or leave it empty where it is not known.',
  });
}

// Cells of CSV rows as raw values.

import type { RawInput } from '../../bundle/format/raw-input.js';
import { columnKind } from '../../bundle/format/raw-tensor.js';
import { UserError } from '../../errors.js';
import type { FeatureDescriptor } from '../../prep/descriptor/features.js';
import type { LoggedDescriptor } from '../../prep/descriptor/logged.js';
import type { RawColumn } from '../../prepared/raw-column.js';
import { type CsvRow, INPUT_NAME } from './csv-rows.js';
import { splitValues } from './split-values.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** How cells of one input are read. */
export interface CellRule {
  /** Texts that mean "no value", besides the empty one. */
  readonly missing: ReadonlySet<string>;
  /** Between several values, and the most that are kept. */
  readonly separator: string;
  readonly max: number;
  /** What prep made of a text of the log; values of an input's own name are that already. */
  clean(text: string): string;
}

/** The rule that the log was read by; `column` is the name that the cells stand under. */
export function cellRule(
  { name }: RawInput,
  { features, events, tables }: LoggedDescriptor,
  column = name,
): CellRule {
  const feature = features?.find((candidate) => candidate.name === name);
  const missing = new Set<string>();
  if (feature !== undefined && 'missing' in feature) {
    const table = (feature.from ?? 'events') === 'events' ? events : tables[feature.from!];
    for (const text of [...feature.missing, ...(table?.missing ?? [])]) missing.add(text);
  }
  const clean = column === name ? (text: string) => text : cleaning(feature);
  return feature?.kind === 'multi'
    ? { missing, separator: feature.separator, max: feature.max, clean }
    : { missing, separator: '|', max: Number.POSITIVE_INFINITY, clean };
}

/** First group of the pattern, first characters. */
function cleaning(feature: FeatureDescriptor | undefined): (text: string) => string {
  if (feature === undefined || !('pattern' in feature || 'prefix' in feature)) return (text) => text;
  const { pattern, prefix } = feature as { readonly pattern?: string; readonly prefix?: number };
  const expression = pattern === undefined ? undefined : compiled(pattern, feature.name);
  return (text) => {
    const matched = expression === undefined ? text : (expression.exec(text)?.[1] ?? '').trim();
    return prefix === undefined ? matched : [...matched].slice(0, prefix).join('');
  };
}

/** Patterns are those of prep's database (RE2), nearly all of which mean the same here. */
function compiled(pattern: string, name: string): RegExp {
  const [, folded, rest] = /^(\(\?i\))?(.*)$/s.exec(pattern)!;
  try {
    return new RegExp(rest!, folded === undefined ? 'u' : 'iu');
  } catch (error) {
    throw new UserError(
      {
        code: 'SCORE_PATTERN',
        where: `feature ${name}`,
        what: `The pattern ${pattern} cannot be run outside of prep.`,
        next: `Add a column "${name}" with what the pattern's first group finds.`,
      },
      { cause: error },
    );
  }
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
    return rule.missing.has(cell) ? '' : rule.clean(cell);
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

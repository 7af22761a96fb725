// The one look of every table: no frame, right-aligned numbers, a rule under the head.
import Table from 'cli-table3';
import type { Style } from './style.js';
import { wrap } from './wrap.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** What the frame of cli-table3 is replaced with: nothing, but for a rule between head and rows. */
const FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** Lines of text with aligned columns. `head` and `border` styles are emptied: the library would colour into pipes. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { chalk, width: available }: Style,
): string {
  const fitted = fitLast(columns, rows, available);
  const body = new Table({
    chars: { ...FRAME },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map((column) => column.align ?? 'left'),
  });
  body.push(
    columns.map((column) => chalk.bold(column.title)),
    ...fitted.map((row) => [...row]),
  );
  const lines = body
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const width = Math.max(...lines.map(visibleLength));
  lines.splice(1, 0, chalk.dim('─'.repeat(width)));
  return lines.join('\n');
}

/** The last column's text broken into lines, where the table would be wider than the terminal. */
function fitLast(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number,
): readonly (readonly string[])[] {
  const last = columns.length - 1;
  if (columns[last]?.align === 'right') return rows;
  const widths = columns.map(({ title }, c) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[c] ?? ''))),
  );
  const room = available - widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  if (widths[last]! <= room || room < 24) return rows;
  return rows.map((row) => [...row.slice(0, last), wrap(row[last] ?? '', room).join('\n')]);
}

/** Pairs of label and value, labels aligned. */
export function pairs(
  entries: readonly (readonly [label: string, value: string])[],
  { chalk }: Style,
): string {
  const width = Math.max(0, ...entries.map(([label]) => label.length));
  return entries.map(([label, value]) => `${chalk.dim(label.padEnd(width))}  ${value}`).join('\n');
}

function visibleLength(line: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  return line.replace(/\x1b\[[0-9;]*m/g, '').length;
}

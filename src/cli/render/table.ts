// The one look of every table: no frame, right-aligned numbers, a rule under the head.
import Table from 'cli-table3';
import type { Style } from './style.js';

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
  { chalk }: Style,
): string {
  const body = new Table({
    chars: { ...FRAME },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map((column) => column.align ?? 'left'),
  });
  body.push(
    columns.map((column) => chalk.bold(column.title)),
    ...rows.map((row) => [...row]),
  );
  const lines = body
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const width = Math.max(...lines.map(visibleLength));
  lines.splice(1, 0, chalk.dim('─'.repeat(width)));
  return lines.join('\n');
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

// The one look of every table: no frame, right-aligned numbers, a rule under the head; and how it fits a narrow terminal.
import Table from 'cli-table3';
import type { Style } from './style.js';
import { widthOf } from './width.js';
import { wrap } from './wrap.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Left out where there is no room, the last of them first; the reader is told. */
  readonly optional?: boolean;
}

type Rows = readonly (readonly string[])[];

/** What the frame of cli-table3 is replaced with: nothing, but for two spaces between columns. */
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
const GAP = 2;

/**
 * Lines of text with aligned columns. Where they are wider than the terminal, titles and texts are broken between words;
 * where that is not enough, optional columns are left out; and at last every row becomes a block of lines.
 */
export function table(columns: readonly Column[], rows: Rows, style: Style): string {
  let [shown, cells]: [readonly Column[], Rows] = [columns, rows];
  for (;;) {
    const widths = fitting(shown, cells, style.width);
    const last = shown.findLastIndex(({ optional }) => optional === true);
    if (widths === undefined && last >= 0) {
      const left = <T>(all: readonly T[]): readonly T[] => all.filter((_, c) => c !== last);
      [shown, cells] = [left(shown), cells.map(left)];
      continue;
    }
    const text = widths === undefined ? stacked(shown, cells, style) : drawn(shown, cells, widths, style);
    const gone = columns.filter((column) => !shown.includes(column)).map(({ title }) => title);
    if (gone.length === 0) return text;
    return [
      text,
      ...wrap(`no room for: ${gone.join(', ')}`, style.width).map((line) => style.chalk.dim(line)),
    ].join('\n');
  }
}

/** Widths of the columns that fit, the widest narrowed first; undefined where whole words are too wide. */
function fitting(columns: readonly Column[], rows: Rows, available: number): readonly number[] | undefined {
  const cells = columns.map((_, c) => rows.map((row) => row[c] ?? ''));
  const widest = (texts: readonly string[]): number =>
    texts.reduce(
      (most, text) => text.split('\n').reduce((wide, line) => Math.max(wide, widthOf(line)), most),
      0,
    );
  const words = (text: string): readonly string[] => text.split(/\s/);
  const widths = columns.map(({ title }, c) => widest([title, ...cells[c]!]));
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1);
  if (total() <= available) return widths;
  // Numbers are never broken, only their titles are.
  const least = columns.map(({ title, align }, c) =>
    widest([...words(title), ...(align === 'right' ? cells[c]! : cells[c]!.flatMap(words))]),
  );
  // Titles alone first: a broken title costs one line, broken cells cost one in every row.
  const full = columns.map((_, c) => Math.max(least[c]!, widest(cells[c]!)));
  const excess = (): number => total() - available;
  for (const floor of [full, least])
    while (excess() > 0) {
      const slack = widths.map((width, c) => (width > floor[c]! ? width : 0));
      const most = Math.max(...slack);
      if (most === 0) break;
      widths[slack.indexOf(most)]!--;
    }
  return excess() > 0 ? undefined : widths;
}

/** Rows that are drawn at a time: the library takes time that grows with the square of them. */
const AT_A_TIME = 50;

/** The library is given texts that are broken already, and widths that they fit: it would cut them otherwise. */
function drawn(columns: readonly Column[], rows: Rows, widths: readonly number[], { chalk }: Style): string {
  const broken = (cells: readonly string[]): readonly (readonly string[])[] =>
    columns.map((_, c) => linesOf(cells[c] ?? '', widths[c]!));
  const titles = broken(columns.map(({ title }) => title));
  const body = rows.map(broken);
  const colWidths = columns.map((_, c) =>
    [titles, ...body].reduce(
      (most, cells) => cells[c]!.reduce((wide, line) => Math.max(wide, widthOf(line)), most),
      1,
    ),
  );
  const draw = (
    some: readonly (readonly (readonly string[])[])[],
    vAlign: 'top' | 'bottom',
  ): readonly string[] => {
    const part = new Table({
      chars: { ...FRAME },
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
      colAligns: columns.map(({ align }) => align ?? 'left'),
      colWidths,
    });
    part.push(...some.map((cells) => cells.map((lines) => ({ content: lines.join('\n'), vAlign }))));
    return part
      .toString()
      .split('\n')
      .map((line) => line.trimEnd());
  };
  const head = draw([titles.map((lines) => lines.map((line) => chalk.bold(line)))], 'bottom');
  const lines: string[] = [];
  for (let i = 0; i < body.length; i += AT_A_TIME) lines.push(...draw(body.slice(i, i + AT_A_TIME), 'top'));
  const width = [...head, ...lines].reduce((most, line) => Math.max(most, widthOf(line)), 0);
  return [...head, chalk.dim('─'.repeat(width)), ...lines].join('\n');
}

/** A text that fits is not looked at twice. */
const linesOf = (text: string, width: number): readonly string[] =>
  text.includes('\n') || widthOf(text) > width ? wrap(text, width) : [text];

/** Every row as its first cell and, under it, a line for each of the others. */
function stacked([first, ...columns]: readonly Column[], rows: Rows, style: Style): string {
  const blocks = rows.map(([head = '', ...cells]) => {
    const entries = columns.map(({ title }, c) => [title, cells[c] ?? ''] as const);
    const named = first!.title === '' ? head : `${style.chalk.dim(first!.title)} ${head}`;
    return [
      ...wrap(named, style.width),
      ...pairs(
        entries.filter(([, value]) => value !== ''),
        { ...style, width: style.width - GAP },
      )
        .split('\n')
        .map((line) => `  ${line}`),
    ].join('\n');
  });
  return blocks.join('\n\n');
}

/** Pairs of label and value, labels aligned; values too long for the line go on under themselves. */
export function pairs(
  entries: readonly (readonly [label: string, value: string])[],
  { chalk, width: available }: Style,
): string {
  const width = Math.max(0, ...entries.map(([label]) => widthOf(label)));
  const room = Math.max(16, available - width - GAP);
  return entries
    .map(([label, value]) => {
      const pad = ' '.repeat(width - widthOf(label));
      const [line = '', ...more] = wrap(value, room);
      return [
        `${chalk.dim(label + pad)}  ${line}`,
        ...more.map((text) => ' '.repeat(width + GAP) + text),
      ].join('\n');
    })
    .join('\n');
}

// The one look of every table: no frame, right-aligned numbers, a rule under the head; and how it fits a narrow terminal.
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

/** Spaces between columns. */
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

function drawn(columns: readonly Column[], rows: Rows, widths: readonly number[], { chalk }: Style): string {
  const broken = (cells: readonly string[]): Cells =>
    columns.map((_, c) => linesOf(cells[c] ?? '', widths[c]!));
  const titles = broken(columns.map(({ title }) => title));
  const body = rows.map(broken);
  // Broken between words, a text may need less than it was given.
  const needed = columns.map((_, c) =>
    [titles, ...body].reduce(
      (most, cells) => cells[c]!.reduce((wide, line) => Math.max(wide, widthOf(line)), most),
      1,
    ),
  );
  const draw = (cells: Cells, from: 'top' | 'bottom'): readonly string[] => {
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, y) =>
      columns
        .map(({ align }, c) => {
          const line = cells[c]![from === 'top' ? y : y - height + cells[c]!.length] ?? '';
          const pad = ' '.repeat(needed[c]! - widthOf(line));
          return align === 'right' ? pad + line : line + pad;
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  const head = draw(
    titles.map((lines) => lines.map((line) => (line === '' ? '' : chalk.bold(line)))),
    'bottom',
  );
  const lines = body.flatMap((cells) => draw(cells, 'top'));
  const width = [...head, ...lines].reduce((most, line) => Math.max(most, widthOf(line)), 0);
  return [...head, chalk.dim('─'.repeat(width)), ...lines].join('\n');
}

/** Lines of every cell of a row. */
type Cells = readonly (readonly string[])[];

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

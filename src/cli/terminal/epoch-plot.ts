// Curves of a training as characters, for `train --plot`: the loss, and the validation metric beside it, while they come.
import type { ProgressEvent } from '../../progress.js';
import type { DrawCurve } from './load-curves.js';
import type { Step } from './pace.js';
import type { Figures } from './progress-line.js';
import { widthOf } from './width.js';

/** Rows of a curve, and the columns that it may take at most. */
const HEIGHT = 8;
const WIDEST = 56;
const GAP = 2;
/** Columns of the numbers beside a curve. */
const LABELS = 9;

type Point = readonly [x: number, y: number];

export interface EpochPlot {
  readonly watch: (event: ProgressEvent) => void;
  /** Nothing while no loss is known. */
  readonly lines: (columns: number) => readonly string[];
}

/** Curves of the training at hand; those of the one before are forgotten when it begins. */
export function epochPlot(draw: DrawCurve, colours: boolean): EpochPlot {
  let curves = new Map<string, Point[]>();
  let now: Point | undefined;
  return {
    watch: (event) => {
      if (event.kind === 'stage') {
        curves = new Map();
        now = undefined;
      }
      if (event.kind === 'step') now = runningLoss(event);
      if (event.kind !== 'epoch') return;
      now = undefined;
      for (const [name, value] of plotted(event.figures))
        curves.set(name, [...(curves.get(name) ?? []), [event.epoch, value]]);
    },
    lines: (columns) => {
      const known = [...curves];
      const shown: readonly (readonly [string, readonly Point[]])[] =
        now === undefined
          ? known
          : [
              ['loss', [...(curves.get('loss') ?? []), now]] as const,
              ...known.filter(([name]) => name !== 'loss'),
            ];
      const width = Math.min(WIDEST, Math.floor((columns - GAP) / 2));
      return beside(
        shown.map(([name, points]) => curve(name, points, width, colours, draw)),
        width,
      );
    },
  };
}

/** The loss so far in this epoch, at the place that it has come to. */
function runningLoss({ done, total, within, figures }: Step): Point | undefined {
  const loss = figures?.['loss'];
  return within === undefined || typeof loss !== 'number' || !Number.isFinite(loss) || total === 0
    ? undefined
    : [within.part - 1 + Math.min(1, done / total), loss];
}

/** The loss, and the first metric on validation rows. */
function plotted(figures: Figures): readonly (readonly [string, number])[] {
  const numbers = Object.entries(figures).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
  );
  const metric = numbers.find(([name]) => name.startsWith('valid '));
  return [...numbers.filter(([name]) => name === 'loss'), ...(metric === undefined ? [] : [metric])];
}

function curve(
  title: string,
  points: readonly Point[],
  width: number,
  colours: boolean,
  draw: DrawCurve,
): readonly string[] {
  // A single point has no extent to draw.
  const [first] = points;
  const drawn = points.length === 1 ? [first!, [first![0] + 1, first![1]] as const] : points;
  const text = draw(
    drawn.map(([x, y]): [number, number] => [x, y]),
    {
      width: width - LABELS,
      height: HEIGHT,
      customXAxisTicks: ticks(points, Math.floor((width - LABELS) / 6)),
      customYAxisTicks: heights(points),
      formatter: (value, { axis }) => (axis === 'y' ? value.toFixed(4) : value),
      ...(colours ? { color: 'ansiCyan' } : {}),
    },
  );
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return [`  ${title} ${points.at(-1)![1].toFixed(4)}`, ...lines];
}

/** Epochs to name below a curve: so many that their numbers do not touch. */
function ticks(points: readonly Point[], most: number): number[] {
  const [from, to] = [Math.ceil(points[0]![0]), Math.floor(points.at(-1)![0])];
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, most)));
  const named: number[] = [];
  for (let x = from; x <= to; x += step) named.push(x);
  return named;
}

function heights(points: readonly Point[]): number[] {
  const values = points.map(([, y]) => y);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low] : [low, (low + high) / 2, high];
}

/** Blocks of lines side by side, each `width` wide. */
function beside(blocks: readonly (readonly string[])[], width: number): readonly string[] {
  const rows = Math.max(0, ...blocks.map(({ length }) => length));
  return Array.from({ length: rows }, (_, r) =>
    blocks
      .map((lines) => padded(lines[r] ?? '', width))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

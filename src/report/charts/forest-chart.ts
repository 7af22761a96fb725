// Differences with their intervals, one row each: what lies clear of the line at 0 is decided.
import * as Plot from '@observablehq/plot';
import { decidingDigits } from '../../deciding-digits.js';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { type SeriesStyle, seriesStyle } from '../html/series-style.js';
import { range, signed } from '../text/numbers.js';
import { FONT, fitText, WIDE } from './chart-size.js';
import { drawPlot } from './draw-plot.js';
import { tickDigits } from './tick-digits.js';

export interface ForestMark {
  /** Place of the series that gives colour and shape. */
  readonly series: number;
  readonly delta: number;
  readonly low: number | null;
  readonly high: number | null;
  /** A mean of the rows above, drawn in the colour of text; whether it is clear of 0 is not its point. */
  readonly summary?: boolean;
}

export interface ForestRow {
  readonly label: string;
  /** Stands at the right end of the label column, e.g. the number of rows. */
  readonly note?: string;
  /** Stands above rows as their heading, with no marks. */
  readonly heading?: boolean;
  /** Said in place of marks. */
  readonly missing?: string;
  readonly marks: readonly ForestMark[];
}

interface ForestOptions {
  readonly rows: readonly ForestRow[];
  /** What the axis counts, e.g. `Δ AUC`. */
  readonly axis: string;
  /** Right is always better: the axis is turned round where lower values are. */
  readonly betterWhen: 'higher' | 'lower';
  /** Decimals of the numbers beside the marks. */
  readonly digits?: number;
  /** The axis counts something that is neither better nor worse. */
  readonly neutral?: boolean;
}

interface PlacedMark extends ForestMark {
  readonly y: number;
}

const LINE = 17;

/** Rows from top to bottom; series that share a row stand under each other in it. */
export function forestChart(
  { rows, axis, betterWhen, digits = 4, neutral = false }: ForestOptions,
  width: number,
  text: ChartText,
): Html {
  const wide = width >= WIDE;
  const numbers = wide ? 178 : 18;
  const ticks = wide ? 5 : 3;
  const labels = wide ? 196 : 130;
  let height = 0;
  const labelled: PlacedLabel[] = [];
  const missing: { readonly text: string; readonly y: number }[] = [];
  const marks: PlacedMark[] = [];
  for (const row of rows) {
    const lines = Math.max(1, row.marks.length);
    const top = height + (row.heading === true ? 12 : 4);
    labelled.push({
      text: fitText(row.label, row.heading === true ? 44 : labelCharacters(labels, row.note)),
      note: row.note ?? '',
      y: top + (lines * LINE) / 2,
      heading: row.heading === true,
    });
    marks.push(...row.marks.map((mark, i) => ({ ...mark, y: top + LINE * (i + 0.5) })));
    if (row.missing !== undefined)
      missing.push({ text: fitText(row.missing, wide ? 62 : 36), y: top + LINE / 2 });
    height = top + lines * LINE + 4;
  }
  const [low, high] = paddedDomain(
    marks.flatMap(({ delta, low, high }) => [delta, low ?? delta, high ?? delta]),
  );
  return drawPlot(
    {
      width,
      height: height + 46,
      marginLeft: labels,
      marginRight: numbers,
      marginTop: 6,
      marginBottom: 40,
      x: { domain: [low, high], reverse: betterWhen === 'lower', label: null },
      y: { domain: [0, height], range: [6, 6 + height], axis: null },
      marks: [
        Plot.axisX({
          ticks,
          tickSize: 0,
          fontSize: FONT.tick,
          fill: 'var(--soft)',
          anchor: 'bottom',
          label: null,
          tickFormat: (value: number) => signed(value, tickDigits(high - low, ticks)),
        }),
        Plot.gridX({ ticks, stroke: 'var(--rule)', strokeOpacity: 1 }),
        Plot.ruleX(stretches(labelled, height), {
          x: 0,
          y1: 'from',
          y2: 'to',
          stroke: 'var(--ink)',
          strokeWidth: 1.2,
        }),
        Plot.text([neutral ? axis : `← worse    ${axis}    better →`], {
          frameAnchor: 'bottom',
          dy: 36,
          fontSize: FONT.tick,
          fill: 'var(--soft)',
        }),
        ...labelLayers(labelled, labels),
        Plot.text(missing, {
          y: 'y',
          text: 'text',
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: 4,
          fontSize: FONT.small,
          fill: 'var(--soft)',
          stroke: 'var(--page)',
          strokeWidth: 4,
        }),
        ...markLayers(marks),
        ...(wide ? [numbersLayer(marks, numbers, digits)] : []),
      ],
    },
    text,
  );
}

/** From heading to heading: the line at 0 stands beside the rows and crosses no title. */
function stretches(
  labelled: readonly PlacedLabel[],
  height: number,
): readonly { readonly from: number; readonly to: number }[] {
  const headings = labelled.filter(({ heading }) => heading).map(({ y }) => y);
  const starts = [0, ...headings.map((y) => y + LINE / 2)];
  const ends = [...headings.map((y) => y - LINE / 2), height];
  return starts.map((from, i) => ({ from, to: ends[i]! })).filter(({ from, to }) => to > from);
}

/** Characters of a label that fit before its note, in a wide font. */
function labelCharacters(margin: number, note: string | undefined): number {
  const character = 6.8;
  const taken = note === undefined ? 6 : 24 + note.length * character;
  return Math.floor((margin - taken) / character);
}

interface PlacedLabel {
  readonly text: string;
  readonly note: string;
  readonly y: number;
  readonly heading: boolean;
}

/** Names to the left of the marks, headings over them, notes close to the marks. */
function labelLayers(labelled: readonly PlacedLabel[], margin: number): Plot.Markish[] {
  const place = { y: 'y', frameAnchor: 'left', fontSize: FONT.label } as const;
  const left = { ...place, text: 'text', textAnchor: 'start', dx: -margin, fill: 'var(--ink)' } as const;
  const headings = labelled.filter(({ heading }) => heading);
  return [
    Plot.text(
      labelled.filter(({ heading }) => !heading),
      left,
    ),
    Plot.text(headings, { ...left, fontWeight: 650, stroke: 'var(--page)', strokeWidth: 4 }),
    Plot.text(
      labelled.filter(({ note }) => note !== ''),
      {
        ...place,
        text: 'note',
        textAnchor: 'end',
        dx: -14,
        fontVariant: 'tabular-nums',
        fill: 'var(--soft)',
      },
    ),
  ];
}

function markLayers(marks: readonly PlacedMark[]): Plot.Markish[] {
  return [...new Set(marks.map(({ series }) => series))].flatMap((series) => {
    const own = marks.filter((mark) => mark.series === series && mark.summary !== true);
    const means = marks.filter((mark) => mark.series === series && mark.summary === true);
    return [...layersOf(own, seriesStyle(series)), ...layersOf(means, SUMMARY)];
  });
}

const SUMMARY: Pick<SeriesStyle, 'colour' | 'symbol'> = { colour: 'var(--ink)', symbol: 'diamond' };

function layersOf(
  marks: readonly PlacedMark[],
  { colour, symbol }: Pick<SeriesStyle, 'colour' | 'symbol'>,
): Plot.Markish[] {
  const clear = ({ low, high }: PlacedMark): boolean =>
    low !== null && high !== null && (low > 0 || high < 0);
  const filled = marks.filter((mark) => mark.summary === true || clear(mark));
  const open = marks.filter((mark) => !filled.includes(mark));
  const dot = {
    x: 'delta',
    y: 'y',
    r: 4.5,
    symbol,
    title: ({ delta, low, high }: PlacedMark) => `${signed(delta)} (${range(low, high)})`,
  } as const;
  return [
    Plot.ruleY(
      marks.filter(({ low, high }) => low !== null && high !== null),
      { y: 'y', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 2 },
    ),
    Plot.dot(filled, { ...dot, fill: colour }),
    Plot.dot(open, { ...dot, fill: 'var(--page)', stroke: colour, strokeWidth: 1.8 }),
  ];
}

function numbersLayer(marks: readonly PlacedMark[], margin: number, digits: number): Plot.Markish {
  return Plot.text(marks, {
    y: 'y',
    text: ({ delta, low, high }: PlacedMark) => {
      const shown = decidingDigits([low, high], digits);
      return low === null
        ? signed(delta, digits)
        : `${signed(delta, digits)}  [${signed(low, shown)}, ${signed(high!, shown)}]`;
    },
    frameAnchor: 'right',
    textAnchor: 'end',
    dx: margin,
    fontSize: FONT.small,
    fontVariant: 'tabular-nums',
    fill: 'var(--soft)',
  });
}

/** The range of the values and 0, with a little air; a range even where all are equal. */
function paddedDomain(values: readonly number[]): readonly [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const air = (high - low || 0.01) * 0.06;
  return [low - air, high + air];
}

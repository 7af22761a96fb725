// Lines over a number: learning curves, adaptation curves, ROC, calibration. One look for all of them.
import * as Plot from '@observablehq/plot';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { seriesStyle } from '../html/series-style.js';
import { decimal } from '../text/numbers.js';
import { axisMarks, LEFT } from './axis-marks.js';
import { FONT, HALF } from './chart-size.js';
import { drawPlot } from './draw-plot.js';
import { tickDigits } from './tick-digits.js';

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number | null;
  readonly high?: number | null;
}

export interface Line {
  /** Place of the series that gives colour, shape and dashes. */
  readonly series: number;
  readonly points: readonly LinePoint[];
  /** Marks on the line: for every point, for some of them, or for none. */
  readonly dots: 'all' | 'none' | readonly LinePoint[];
  /** Thinner and lighter: something to compare with. */
  readonly faint?: boolean;
  /** How `low` and `high` are drawn: a band along the line (the default), or a bar at each point. */
  readonly interval?: 'band' | 'bars';
}

export interface Reference {
  readonly y: number;
  readonly label: string;
  /** Side of the chart that the label stands on, away from the lines. */
  readonly side?: 'left' | 'right';
}

export interface LineChartOptions {
  readonly lines: readonly Line[];
  readonly x: {
    readonly label: string;
    readonly domain?: readonly [number, number];
    /** `symlog`: even steps for 1, 10, 100, with 0 on the axis. */
    readonly scale?: 'linear' | 'symlog';
    readonly ticks?: readonly number[];
  };
  readonly y: { readonly label: string; readonly domain?: readonly [number, number] };
  readonly references?: readonly Reference[];
  /** The line y = x, where both axes count the same. */
  readonly diagonal?: boolean;
  readonly height?: number;
}

/** A chart half a column wide. */
export function lineChart(options: LineChartOptions, text: ChartText): Html {
  const { lines, x, y, references = [], diagonal = false, height = 280 } = options;
  const [low, high] = y.domain ?? domainOf(lines, references);
  const across = x.domain ?? domainAcross(lines);
  const xDigits = x.ticks?.every(Number.isInteger) ? 0 : tickDigits(across[1] - across[0], 6);
  return drawPlot(
    {
      width: HALF,
      height,
      marginLeft: LEFT,
      marginRight: 14,
      marginTop: 30,
      marginBottom: 42,
      x: {
        label: null,
        type: x.scale ?? 'linear',
        ...(x.scale === 'symlog' ? { constant: 1 } : {}),
        ...(x.domain === undefined ? {} : { domain: [...x.domain] }),
      },
      y: { domain: [low, high], label: null },
      marks: [
        ...axisMarks({
          x: {
            label: x.label,
            ticks: x.ticks ?? 6,
            text: (value) => decimal(Number(value), xDigits),
          },
          y: { label: y.label, digits: tickDigits(high - low) },
        }),
        ...(diagonal
          ? [
              Plot.line(diagonalWithin(across, [low, high]), {
                stroke: 'var(--soft)',
                strokeDasharray: '3 3',
                strokeWidth: 1,
              }),
            ]
          : []),
        ...references.flatMap((reference) => referenceMarks(reference)),
        ...lines.flatMap((line) => lineMarks(line)),
      ],
    },
    text,
  );
}

function referenceMarks({ y, label, side = 'left' }: Reference): Plot.Markish[] {
  return [
    Plot.ruleY([y], { stroke: 'var(--soft)', strokeDasharray: '4 3', strokeWidth: 1 }),
    Plot.text([{ y, label }], {
      y: 'y',
      text: 'label',
      frameAnchor: side,
      textAnchor: side === 'left' ? 'start' : 'end',
      dx: side === 'left' ? 4 : -4,
      dy: -7,
      fontSize: FONT.small,
      fill: 'var(--soft)',
      stroke: 'var(--page)',
      strokeWidth: 3,
    }),
  ];
}

function lineMarks({ series, points, dots, faint = false, interval = 'band' }: Line): Plot.Markish[] {
  const { colour, symbol, dash } = seriesStyle(series);
  const banded = points.filter(({ low, high }) => low != null && high != null);
  const dotted = dots === 'all' ? points : dots === 'none' ? [] : dots;
  return [
    ...(interval === 'bars'
      ? [Plot.ruleX(banded, { x: 'x', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 1.6 })]
      : []),
    ...(interval === 'band' && banded.length > 1
      ? [Plot.areaY(banded, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 })]
      : []),
    Plot.line(points, {
      x: 'x',
      y: 'y',
      stroke: colour,
      strokeWidth: faint ? 1.2 : 2,
      ...(faint ? { strokeOpacity: 0.55 } : {}),
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
    }),
    Plot.dot(dotted, {
      x: 'x',
      y: 'y',
      r: faint ? 2.6 : 3.6,
      symbol,
      fill: colour,
      title: ({ x, y }: LinePoint) => `${decimal(x, 3)}: ${decimal(y)}`,
    }),
  ];
}

function domainAcross(lines: readonly Line[]): readonly [number, number] {
  const values = lines.flatMap(({ points }) => points.map(({ x }) => x));
  return values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
}

function domainOf(lines: readonly Line[], references: readonly Reference[]): readonly [number, number] {
  const values = [
    ...lines.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])),
    ...references.map(({ y }) => y),
  ].filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || 0.01) * 0.08;
  return [low - air, high + air];
}

/** The part of y = x that lies inside both axes. */
function diagonalWithin(
  x: readonly [number, number],
  y: readonly [number, number],
): readonly (readonly [number, number])[] {
  const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
  return from < to
    ? [
        [from, from],
        [to, to],
      ]
    : [];
}

// Dots over a number or over names: what came out for each value that was tried.
import * as Plot from '@observablehq/plot';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { seriesStyle } from '../html/series-style.js';
import { axisMarks, LEFT } from './axis-marks.js';
import { fitText, HALF } from './chart-size.js';
import { drawPlot } from './draw-plot.js';
import { tickDigits } from './tick-digits.js';

export interface Dot {
  /** Place of the series that gives colour and shape. */
  readonly series: number;
  readonly x: number | string;
  readonly y: number;
  readonly title: string;
}

interface DotChartOptions {
  /** At least one. Names on the x axis stand in the order in which they come. */
  readonly dots: readonly Dot[];
  readonly x: { readonly label: string; readonly scale: 'linear' | 'log' | 'point' };
  readonly y: { readonly label: string };
}

/** A chart half a column wide. */
export function dotChart({ dots, x, y }: DotChartOptions, text: ChartText): Html {
  const values = dots.map((dot) => dot.y);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || 0.01) * 0.08;
  return drawPlot(
    {
      width: HALF,
      height: 240,
      marginLeft: LEFT,
      marginRight: 18,
      marginTop: 30,
      marginBottom: 42,
      x: { label: null, type: x.scale },
      y: { domain: [low - air, high + air], label: null },
      marks: [
        ...axisMarks({
          x: {
            label: x.label,
            ...(x.scale === 'point' ? {} : { ticks: 5 }),
            text: (value) => fitText(String(value), 12),
          },
          y: { label: y.label, digits: tickDigits(high - low + 2 * air) },
        }),
        ...[...new Set(dots.map(({ series }) => series))].map((series) => {
          const { colour, symbol } = seriesStyle(series);
          return Plot.dot(
            dots.filter((dot) => dot.series === series),
            { x: 'x', y: 'y', r: 3.6, symbol, fill: colour, title: 'title' },
          );
        }),
      ],
    },
    text,
  );
}

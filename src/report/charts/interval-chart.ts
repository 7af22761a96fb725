// A few values of one metric with their intervals, one under the other, by name.
import * as Plot from '@observablehq/plot';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { seriesStyle } from '../html/series-style.js';
import { decimal } from '../text/numbers.js';
import { FONT, fitText, HALF } from './chart-size.js';
import { drawPlot } from './draw-plot.js';
import { tickDigits } from './tick-digits.js';

interface IntervalRow {
  readonly label: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A chart half a column wide. */
export function intervalChart(
  rows: readonly IntervalRow[],
  axis: string,
  text: ChartText,
  domain?: readonly [number, number],
): Html {
  const values = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const [least, most] = domain ?? [Math.min(...values), Math.max(...values)];
  const air = domain === undefined ? (most - least || 0.01) * 0.08 : 0;
  const step = 62;
  const height = rows.length * step;
  const placed = rows.map((row, i) => ({ ...row, y: (i + 0.5) * step, name: fitText(row.label, 34) }));
  return drawPlot(
    {
      width: HALF,
      height: height + 60,
      marginLeft: 10,
      marginRight: 14,
      marginTop: 12,
      marginBottom: 42,
      x: { domain: [least - air, most + air], label: null },
      y: { domain: [0, height], range: [18, 18 + height], axis: null },
      marks: [
        Plot.gridX({ ticks: 5, stroke: 'var(--rule)', strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 5,
          tickSize: 0,
          label: null,
          fontSize: FONT.tick,
          fill: 'var(--soft)',
          tickFormat: (value: number) => decimal(value, tickDigits(most - least)),
        }),
        Plot.text([axis], { frameAnchor: 'bottom', dy: 38, fontSize: FONT.label, fill: 'var(--soft)' }),
        Plot.text(placed, {
          y: 'y',
          text: ({ name, value }: (typeof placed)[number]) => `${name}  ${decimal(value)}`,
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: -8,
          dy: -15,
          fontSize: FONT.label,
          fill: 'var(--ink)',
          stroke: 'var(--page)',
          strokeWidth: 4,
        }),
        ...placed.flatMap((row) => {
          const { colour, symbol } = seriesStyle(0);
          return [
            ...(row.low === null || row.high === null
              ? []
              : [Plot.ruleY([row], { y: 'y', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 2.2 })]),
            Plot.dot([row], { x: 'value', y: 'y', r: 4.5, symbol, fill: colour }),
          ];
        }),
      ],
    },
    text,
  );
}

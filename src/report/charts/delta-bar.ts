// One difference as a bar: where its interval lies, and where 0 is.
import * as Plot from '@observablehq/plot';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { FONT } from './chart-size.js';
import { drawPlot } from './draw-plot.js';

interface DeltaBar {
  readonly delta: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The domain that bars beside each other share, so that they can be compared. */
export function sharedSpan(bars: readonly DeltaBar[]): readonly [number, number] {
  const values = [0, ...bars.flatMap(({ delta, low, high }) => [delta, low ?? delta, high ?? delta])];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = (most - least || 0.01) * 0.06;
  return [least - air, most + air];
}

/** Drawn in the colour of its surroundings. */
export function deltaBar(
  { delta, low, high }: DeltaBar,
  domain: readonly [number, number],
  text: ChartText,
): Html {
  return drawPlot(
    {
      width: 260,
      height: 44,
      marginLeft: 6,
      marginRight: 6,
      marginTop: 4,
      marginBottom: 16,
      x: { domain: [...domain], axis: null },
      y: { domain: [0, 1], axis: null },
      marks: [
        Plot.ruleX([0], { stroke: 'var(--ink)', strokeWidth: 1.2 }),
        Plot.text([0], {
          x: (value: number) => value,
          text: () => '0',
          frameAnchor: 'bottom',
          dy: 14,
          fontSize: FONT.small,
          fill: 'var(--soft)',
        }),
        ...(low === null || high === null
          ? []
          : [
              Plot.ruleY([0.5], {
                y: (value: number) => value,
                x1: () => low,
                x2: () => high,
                stroke: 'currentColor',
                strokeWidth: 3,
              }),
            ]),
        Plot.dot([delta], { x: (value: number) => value, y: () => 0.5, r: 5, fill: 'currentColor' }),
      ],
    },
    text,
  );
}

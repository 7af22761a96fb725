// Grid, axes and what they count: the same in every chart of values over something.
import * as Plot from '@observablehq/plot';
import { decimal } from '../text/numbers.js';
import { FONT } from './chart-size.js';

/** Left margin of these charts, in CSS pixels: room for the numbers of the y axis. */
export const LEFT = 52;

interface AxisOptions {
  readonly x: {
    readonly label: string;
    /** How many, or which; by default one for each value. */
    readonly ticks?: number | readonly number[];
    readonly text: (value: number | string) => string;
  };
  readonly y: { readonly label: string; readonly digits: number };
}

/** Drawn first, under what is shown. */
export function axisMarks({ x, y }: AxisOptions): Plot.Markish[] {
  const quiet = { tickSize: 0, label: null, fontSize: FONT.tick, fill: 'var(--soft)' } as const;
  const title = { fontSize: FONT.label, fill: 'var(--soft)' } as const;
  const ticks = typeof x.ticks === 'object' ? [...x.ticks] : x.ticks;
  return [
    Plot.gridY({ ticks: 5, stroke: 'var(--rule)', strokeOpacity: 1 }),
    Plot.axisY({ ticks: 5, ...quiet, tickFormat: (value: number) => decimal(value, y.digits) }),
    Plot.axisX({ ...(ticks === undefined ? {} : { ticks }), ...quiet, tickFormat: x.text }),
    Plot.text([y.label], { frameAnchor: 'top-left', dx: -LEFT, dy: -26, textAnchor: 'start', ...title }),
    Plot.text([x.label], { frameAnchor: 'bottom', dy: 38, ...title }),
  ];
}

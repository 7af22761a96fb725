// One axis for each key that was tried and one for what came out: a line a trial, the better the stronger.
import * as Plot from '@observablehq/plot';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { rampColour } from '../html/series-style.js';
import { FONT, fitText } from './chart-size.js';
import { drawPlot } from './draw-plot.js';

export interface ParallelAxis {
  readonly label: string;
  /** What stands at the bottom and at the top of the axis. */
  readonly ends: readonly [bottom: string, top: string];
}

export interface ParallelLine {
  /** Place on each axis, 0 at the bottom to 1 at the top; null where the line has nothing to say. */
  readonly at: readonly (number | null)[];
  readonly title: string;
}

const HEIGHT = 300;
const STEPS = 6;

/** Lines from the worst to the best. */
export function parallelChart(
  axes: readonly ParallelAxis[],
  lines: readonly ParallelLine[],
  width: number,
  text: ChartText,
): Html {
  const side = Math.min(64, width / (2 * axes.length));
  const room = Math.max(4, Math.floor((width - 2 * side) / Math.max(1, axes.length - 1) / 7.5) - 1);
  const names = axes.map((_, i) => String(i));
  const label = { fontSize: FONT.small, fill: 'var(--soft)' } as const;
  const points = lines.flatMap(({ at, title }, rank) =>
    at.flatMap((y, i) => (y === null ? [] : [{ x: names[i]!, y, rank, title }])),
  );
  return drawPlot(
    {
      width,
      height: HEIGHT,
      marginLeft: side,
      marginRight: side,
      marginTop: 46,
      marginBottom: 28,
      x: { type: 'point', domain: names, axis: null, padding: 0 },
      y: { domain: [0, 1], axis: null },
      marks: [
        Plot.ruleX(names, { stroke: 'var(--rule)', strokeWidth: 1.2 }),
        ...lines.map((_, rank) => {
          const best = rank === lines.length - 1;
          return Plot.line(
            points.filter((point) => point.rank === rank),
            {
              x: 'x',
              y: 'y',
              stroke: rampColour(Math.round((rank * (STEPS - 1)) / Math.max(1, lines.length - 1)), STEPS),
              strokeWidth: best ? 3 : 1.4,
              strokeOpacity: best ? 1 : 0.7,
              title: 'title',
            },
          );
        }),
        Plot.text(axes, {
          x: (_: ParallelAxis, i: number) => names[i]!,
          y: 1,
          dy: -32,
          text: ({ label }: ParallelAxis) => fitText(label, room),
          fontSize: FONT.label,
          fill: 'var(--ink)',
        }),
        Plot.text(axes, {
          x: (_: ParallelAxis, i: number) => names[i]!,
          y: 1,
          dy: -12,
          text: ({ ends }: ParallelAxis) => fitText(ends[1], room),
          ...label,
        }),
        Plot.text(axes, {
          x: (_: ParallelAxis, i: number) => names[i]!,
          y: 0,
          dy: 14,
          text: ({ ends }: ParallelAxis) => fitText(ends[0], room),
          ...label,
        }),
      ],
    },
    text,
  );
}

// Points in the plane by an ordered class: a panel a class, each over the outline of all, so that nothing hides anything.
import * as Plot from '@observablehq/plot';
import type { Html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';
import { rampColour } from '../html/series-style.js';
import { FONT, fitText, WIDE } from './chart-size.js';
import { drawPlot } from './draw-plot.js';

interface MapPoint {
  readonly x: number;
  readonly y: number;
  readonly step: number;
}

interface MapClass {
  readonly step: number;
  readonly label: string;
  readonly note: string;
}

interface Place {
  readonly column: number;
  readonly row: number;
}

/** @param steps number of classes there may be, from few to much: what the colours are spread over */
export function mapChart(
  points: readonly MapPoint[],
  classes: readonly MapClass[],
  steps: number,
  width: number,
  text: ChartText,
): Html {
  const columns = Math.min(classes.length, width >= WIDE ? 3 : 2);
  const rows = Math.ceil(classes.length / columns);
  const placeOf = new Map<number, Place>(
    classes.map(({ step }, i) => [step, { column: i % columns, row: Math.floor(i / columns) }]),
  );
  const panel = (width - 12 * (columns - 1)) / columns;
  const head = 46;
  const tall =
    panel * Math.min(1.1, Math.max(0.6, span(points.map(({ y }) => y)) / span(points.map(({ x }) => x))));
  const facet = {
    fx: (one: { step: number }) => placeOf.get(one.step)!.column,
    fy: (one: { step: number }) => placeOf.get(one.step)!.row,
  };
  const title = { ...facet, frameAnchor: 'top-left', textAnchor: 'start' } as const;
  return drawPlot(
    {
      width,
      height: rows * (tall + head),
      margin: 1,
      marginTop: head,
      // The heads of the panels stand in the gap above each row.
      fx: { axis: null, padding: 12 / (panel + 12) },
      fy: { axis: null, padding: head / (tall + head) },
      x: { axis: null, inset: 6 },
      y: { axis: null, inset: 6 },
      marks: [
        Plot.frame({ stroke: 'var(--rule)' }),
        Plot.density(points, {
          x: 'x',
          y: 'y',
          bandwidth: 14,
          thresholds: 5,
          fill: 'var(--ink)',
          fillOpacity: 0.045,
        }),
        ...classes.map(({ step }) =>
          Plot.dot(
            points.filter((point) => point.step === step),
            {
              ...facet,
              x: 'x',
              y: 'y',
              r: width >= WIDE ? 1.9 : 1.5,
              fill: rampColour(step, steps),
              fillOpacity: 0.85,
            },
          ),
        ),
        Plot.text(classes, {
          ...title,
          text: ({ label }: MapClass) => fitText(label, width >= WIDE ? 30 : 23),
          dy: -30,
          fontSize: FONT.label,
          fontWeight: 640,
          fill: 'var(--ink)',
        }),
        Plot.text(classes, {
          ...title,
          text: ({ note }: MapClass) => fitText(note, width >= WIDE ? 40 : 28),
          dy: -14,
          fontSize: FONT.small,
          fill: 'var(--soft)',
        }),
      ],
    },
    text,
  );
}

function span(values: readonly number[]): number {
  return values.length === 0 ? 1 : Math.max(...values) - Math.min(...values) || 1;
}

// Draws a chart with Observable Plot on a document that needs no browser.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Html } from '../html/safe-html.js';
import { type ChartText, type DrawnNode, serializeSvg } from '../html/serialize-svg.js';

type PlotOptions = NonNullable<Parameters<typeof Plot.plot>[0]>;

const { document } = parseHTML('<!doctype html><html></html>');

/** The chart as markup. Sizes are in CSS pixels of the page. */
export function drawPlot(options: PlotOptions, text: ChartText): Html {
  const drawn: unknown = Plot.plot({ ...options, document } as PlotOptions);
  return serializeSvg(drawn as DrawnNode, text);
}

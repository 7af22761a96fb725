// A figure: a heading that says what to see, the drawing, a legend, how to read it, and its numbers as a table.

import { Html, html, type Insertable } from './safe-html.js';
import { type SeriesStyle, seriesStyle } from './series-style.js';

interface FigureParts {
  readonly id: string;
  /** A short title; what there is to see is said in `caption`. */
  readonly title: string;
  readonly drawing: Html;
  readonly legend?: Html;
  readonly caption: Insertable;
  /** The drawn numbers, behind a fold. */
  readonly numbers?: Html;
}

export function figure({ id, title, drawing, legend, caption, numbers }: FigureParts): Html {
  return html`<figure id="${id}">
<h3>${title}</h3>
${legend}
${drawing}
<figcaption>${caption}</figcaption>
${numbers && html`<details><summary>The numbers</summary>${numbers}</details>`}
</figure>`;
}

/** Names of series with their marks, from style `first` on; the marks are drawn, because symbols of fonts differ. */
export function seriesLegend(names: readonly string[], lines: boolean, first = 0): Html {
  return html`<ul class="legend">${names.map(
    (name, place) => html`<li>${key(seriesStyle(first + place), lines)}${name}</li>`,
  )}</ul>`;
}

/** Filled and open marks explained, for charts of differences. */
export function openMarksNote(level: string): Html {
  return html`<ul class="legend"><li>${marker('circle', 'currentColor', true)}the ${level} interval is clear of 0</li><li>${marker('circle', 'currentColor', false)}it is not</li></ul>`;
}

function key({ colour, symbol, dash }: SeriesStyle, line: boolean): Html {
  if (!line) return marker(symbol, colour, true);
  return html`<svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true"><line x1="1" x2="27" y1="6" y2="6" stroke="${colour}" stroke-width="2.2" stroke-dasharray="${dash ?? 'none'}"/></svg>`;
}

const SHAPES: Readonly<Record<SeriesStyle['symbol'], string>> = {
  circle: 'M6 1.8a4.2 4.2 0 1 0 .01 0z',
  square: 'M2.2 2.2h7.6v7.6h-7.6z',
  triangle: 'M6 1.2l5 8.8h-10z',
  diamond: 'M6 .6l4.2 5.4-4.2 5.4-4.2-5.4z',
  star: 'M6 .6l1.4 3.6 3.9.2-3 2.5 1 3.8-3.3-2.1-3.3 2.1 1-3.8-3-2.5 3.9-.2z',
  wye: 'M4.6 6.8l-3.6-2 1.4-2.4 3.6 2 3.6-2 1.4 2.4-3.6 2v4.2h-2.8z',
};

function marker(symbol: SeriesStyle['symbol'], colour: string, filled: boolean): Html {
  return html`<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path d="${SHAPES[symbol]}" fill="${filled ? colour : 'none'}" stroke="${colour}" stroke-width="${filled ? 0 : 1.6}"/></svg>`;
}

/** Several figures beside each other where there is room. */
export function figureGrid(figures: readonly (Html | undefined)[]): Html {
  return html`<div class="grid">${figures.filter((one) => one instanceof Html)}</div>`;
}

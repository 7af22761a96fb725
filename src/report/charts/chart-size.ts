// Charts come in two widths, drawn apart, so that text is as large on a telephone as on a desk; the style sheet shows one.
import { type Html, html } from '../html/safe-html.js';
import type { ChartText } from '../html/serialize-svg.js';

/** Width of the text column, and of a telephone, in CSS pixels. */
export const WIDE = 800;
const NARROW = 344;
/** Charts that stand two in a row fit both: one drawing is enough. */
export const HALF = 384;

/** Font sizes inside charts. */
export const FONT = { tick: 11.5, label: 12.5, small: 11 } as const;

/** Draws for both widths. */
export function responsive(
  draw: (width: number, text: ChartText) => Html,
  { id, title, description }: ChartText,
): Html {
  return html`<div class="wide">${draw(WIDE, { id: `${id}-w`, title, description })}</div>
<div class="narrow">${draw(NARROW, { id: `${id}-n`, title, description })}</div>`;
}

/** Shortens a label to what fits; the whole text stands in the table beside the chart. */
export function fitText(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, Math.max(1, characters - 1)).trimEnd()}…`;
}

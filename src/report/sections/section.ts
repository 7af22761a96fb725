// A part of the report: what the table of contents lists.
import { type Html, html, type Insertable } from '../html/safe-html.js';

export interface Section {
  /** Anchor, unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export function renderSection({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-h">
<h2 id="${id}-h">${title}</h2>
${body}
</section>`;
}

/** A paragraph that leads into a section. */
export const lead = (text: Insertable): Html => html`<p class="lead">${text}</p>`;

/** Something that is not there, and how to get it. */
export const absent = (text: Insertable): Html => html`<p class="absent">${text}</p>`;

// Tables of numbers: a caption for who cannot see them, headers with scope, numbers to the right, scrolling on small screens.
import { Html, html, type Insertable } from './safe-html.js';

interface TableColumn {
  readonly title: Insertable;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
}

export interface TableRow {
  readonly cells: readonly Insertable[];
  /** Begins a group: said over the full width before the row. */
  readonly group?: string;
  readonly strong?: boolean;
}

/** The first cell of each row is its header. */
export function dataTable(caption: string, columns: readonly TableColumn[], rows: readonly TableRow[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(
    ({ title, numeric }) => html`<th scope="col"${classOf(numeric)}>${title}</th>`,
  )}</tr></thead>
<tbody>
${rows.map((row) => [
  row.group === undefined
    ? ''
    : html`<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${row.group}</th></tr>\n`,
  html`<tr${row.strong === true && new Html(' class="strong"')}>${row.cells.map((cell, i) =>
    i === 0 ? html`<th scope="row">${cell}</th>` : html`<td${classOf(columns[i]?.numeric)}>${cell}</td>`,
  )}</tr>\n`,
])}</tbody>
</table></div>`;
}

const classOf = (numeric: boolean | undefined): Html | false => numeric === true && new Html(' class="n"');

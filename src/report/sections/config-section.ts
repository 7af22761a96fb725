// The configuration of the run: every value with its origin, those that someone chose before those that nobody touched.
import type { ReportRun } from '../data/report-run.js';
import { dataTable } from '../html/data-table.js';
import { type Html, html } from '../html/safe-html.js';
import { plural } from '../text/numbers.js';
import { lead, type Section } from './section.js';

export function configSection({ config }: ReportRun): Section {
  const entries = Object.entries(config.origins).map(([key, origin]) => ({
    key,
    origin,
    value: valueText(config.recipe, key),
  }));
  const chosen = entries.filter(({ origin }) => origin !== 'default');
  const defaults = entries.filter(({ origin }) => origin === 'default');
  return {
    id: 'configuration',
    title: 'Configuration',
    body: html`${lead('What the run was told to do, and by what. The whole of it reads back as a recipe.')}
${valuesTable('Values that were chosen', chosen)}
${defaults.length > 0 && html`<details><summary>${plural(defaults.length, 'value')} at the default</summary>${valuesTable('Values at their defaults', defaults)}</details>`}`,
  };
}

function valuesTable(
  caption: string,
  entries: readonly { readonly key: string; readonly value: string; readonly origin: string }[],
): Html {
  return dataTable(
    caption,
    [{ title: 'key' }, { title: 'value' }, { title: 'from' }],
    entries.map(({ key, value, origin }) => ({
      cells: [html`<code>${key}</code>`, html`<code>${value}</code>`, origin],
    })),
  );
}

/** The value at a dotted key, as a recipe would have it. */
export function valueText(tree: unknown, key: string): string {
  const value = key
    .split('.')
    .reduce<unknown>((inner, step) => (inner as Record<string, unknown> | null | undefined)?.[step], tree);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

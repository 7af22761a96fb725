// HTML that cannot be broken out of: a template whose every inserted value is escaped unless it is such HTML itself.

import { printable } from '../../printable.js';

/** Markup that is safe to insert as it is. Made by `html` and by nothing that has not escaped its data. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Insertable = Html | string | number | null | undefined | false | readonly Insertable[];

/**
 * `html\`<td>${value}</td>\``: text is escaped for element content and double-quoted attributes alike; arrays are joined;
 * null, undefined and false leave nothing. Attributes must be written with double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  return new Html(parts.reduce((text, part, i) => text + part + insert(values[i]), ''));
}

function insert(value: Insertable): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(insert).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for content and quoted attributes; what is not printable is shown as `\\u202e`. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

// Text from data made harmless to look at: what would move a cursor, ring a bell or turn the order of reading round is shown as `\u001b`.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced; a line break and a tab stay
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Control characters and marks of reading direction, written as in JSON. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same of every text in plain data, keys included. */
export function printableTree<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(printableTree) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const entries = Object.entries(value).map(([key, inner]) => [printable(key), printableTree(inner)]);
  return Object.fromEntries(entries) as T;
}

// Text from data made harmless to look at: what would move a cursor, ring a bell or turn the order of reading round, and what is no
// character at all, is shown as `\u001b`.

/** Control characters but for a line break and a tab, marks of reading direction, and what is no character. */
const UNPRINTABLE =
  /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]|\p{Surrogate}/gu;

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

// Objects of JSON lines: as programs write them although it is no JSON, and their values by path.

/** A string, or what stands outside of strings and is not JSON, or whose digits would be lost. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\bNaN\b|(?<![\w.+-])-?(?:\d{16,}|\d+\.0+)(?![\d.eE])/g;

/** The text with NaN as null, and whole numbers that are long or written `3.0` as strings. */
export function looseJson(text: string): string {
  if (!/NaN|\d{16}|\d\.0/.test(text)) return text;
  return text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return token;
    return token.endsWith('NaN') ? 'null' : `"${token}"`;
  });
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The object that a line holds; undefined for anything else. */
export function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(looseJson(line));
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined; // not JSON: the caller says so, or the careful reader does with its line
  }
}

/** Values of an object by key; of an object among its values, those of that one by path, unless a key is named so. */
export function leaves(
  object: Readonly<Record<string, unknown>>,
  before = '',
  whole = object,
): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const path = `${before}${key}`;
    if (isPlainObject(value)) return leaves(value, `${path}.`, whole);
    return before !== '' && Object.hasOwn(whole, path) ? [] : [[path, value] as const];
  });
}

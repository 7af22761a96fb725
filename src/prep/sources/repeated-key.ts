// A key that stands twice in one object of a JSON line: readers take its first value or its last, so it has none.

/** Strings, and what begins and ends objects and lists. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** An object, or a list, which has no keys. */
interface Container {
  readonly path: string | undefined;
  readonly keys: Set<string>;
}

/**
 * Path of a key that an object of the text has more than once, among those of `columns` and those that lead to them; undefined where
 * there is none. The text must be JSON; objects inside lists are not looked at.
 */
export function repeatedKey(text: string, columns: readonly string[]): string | undefined {
  const containers: Container[] = [];
  let last: string | undefined;
  /** Path of the value that comes next. */
  let path: string | undefined = '';
  const leadsToColumn = (key: string): boolean =>
    columns.some((column) => column === key || column.startsWith(`${key}.`));
  for (const [token] of text.matchAll(TOKEN)) {
    const { path: before, keys } = containers.at(-1) ?? { path: undefined, keys: new Set<string>() };
    if (token === '{') containers.push({ path, keys: new Set() });
    else if (token === '[') containers.push({ path: undefined, keys: new Set() });
    else if (token === '}' || token === ']') containers.pop();
    else if (token === ':' && before !== undefined && last !== undefined) {
      const key = JSON.parse(last) as string;
      path = before === '' ? key : `${before}.${key}`;
      if (keys.has(key) && leadsToColumn(path)) return path;
      keys.add(key);
    } else if (token === ',') path = undefined;
    last = token.startsWith('"') ? token : undefined;
  }
  return undefined;
}

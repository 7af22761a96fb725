// What several metrics need of the same rows is computed by the first that asks, and kept for as long as the rows are.

type Kept = Map<(of: never) => unknown, unknown>;

const kept = new WeakMap<object, Kept>();

/** `compute(of)`, computed once for each object and function; the function must be the same one each time. */
export function once<K extends object, T>(of: K, compute: (of: K) => T): T {
  const results: Kept = kept.get(of) ?? new Map();
  if (!kept.has(of)) kept.set(of, results);
  if (!results.has(compute)) results.set(compute, compute(of));
  return results.get(compute) as T;
}

/** The same for what depends on two objects; kept for as long as both are. */
export function onceFor<K extends object, B extends object, T>(
  of: K,
  by: B,
  compute: (of: K, by: B) => T,
): T {
  const tables = once(of, emptyTables);
  const table = tables.get(compute) ?? new WeakMap<object, unknown>();
  tables.set(compute, table);
  if (!table.has(by)) table.set(by, compute(of, by));
  return table.get(by) as T;
}

const emptyTables = (_: object): Map<unknown, WeakMap<object, unknown>> => new Map();

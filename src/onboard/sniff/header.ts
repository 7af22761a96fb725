// Tells a line of names from a line of values.

const isNumber = (cell: string): boolean => cell.trim() !== '' && Number.isFinite(Number(cell));

/**
 * True when the first record holds names: no empty and no equal cells, none of them a number, and either some column that
 * is numeric below, or cells that are words and do not come back as values.
 */
export function looksLikeHeader(records: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = records;
  if (first === undefined || rest.length === 0) return false;
  const names = first.map((cell) => cell.trim());
  if (names.some((name) => name === '' || isNumber(name)) || new Set(names).size < names.length) return false;
  const below = names.map((_, column) =>
    rest.map((record) => record[column] ?? '').filter((cell) => cell !== ''),
  );
  if (below.some((cells) => cells.length > 0 && cells.every(isNumber))) return true;
  return names.every(
    (name, column) => /^[\p{L}_][\p{L}\p{N}_ .:/-]*$/u.test(name) && !below[column]!.includes(name),
  );
}

// Text that becomes SQL: quoting lives here and nowhere else.

/** A quoted identifier. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text literal. A statement ends at a NUL, so a text that holds one is put together from its parts. */
export const quoted = (value: string): string => {
  const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`;
};

/** A list of text literals in parentheses. */
export const textList = (values: readonly string[]): string => `(${values.map(quoted).join(', ')})`;

/** A number literal of type DOUBLE that keeps every bit. */
export const double = (value: number): string => `CAST(${quoted(String(value))} AS DOUBLE)`;

/** The natural order of raw values: numbers by size, then everything else by text; ties by text. */
export const naturalOrder = (column: string): string => `TRY_CAST(${column} AS BIGINT) NULLS LAST, ${column}`;

/**
 * A column of text without white space around it: `trim`, which decodes every character, runs only where the text does not begin
 * with a visible one, ends in a space or is not ASCII. The column is named several times: no expression.
 */
export const trimmed = (column: string): string =>
  `CASE WHEN ${column} < '!' OR suffix(${column}, ' ') OR strlen(${column}) <> length(${column}) THEN trim(${column}) ELSE ${column} END`;

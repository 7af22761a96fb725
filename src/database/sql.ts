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

/** What `String.prototype.trim` takes away beyond the space and controls of ASCII. */
const WIDE_SPACE =
  '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
const ENDS = `[${WIDE_SPACE}]`;
const SPACE = `\t\n\v\f\r ${WIDE_SPACE}`;

/**
 * A column of text without the white space around it: what `String.prototype.trim` takes away, which names of columns are read with.
 * The column is named several times: no expression. `trim`, which decodes every character, runs only where there is something.
 */
export const trimmed = (column: string): string => {
  const last = ['\t', '\n', '\v', '\f', '\r', ' '].map((mark) => `suffix(${column}, '${mark}')`).join(' OR ');
  const wide = `(strlen(${column}) <> length(${column}) AND regexp_matches(${column}, '^${ENDS}|${ENDS}$'))`;
  return `CASE WHEN ${column} < '!' OR ${last} OR ${wide} THEN trim(${column}, '${SPACE}') ELSE ${column} END`;
};

/** The same of any expression. */
export const trimmedValue = (sql: string): string =>
  `list_transform([${sql}], lambda text: ${trimmed('text')})[1]`;

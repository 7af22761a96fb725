// Text that becomes SQL: quoting lives here and nowhere else.

/** A quoted identifier. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A quoted text literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A list of text literals in parentheses. */
export const textList = (values: readonly string[]): string => `(${values.map(text).join(', ')})`;

/** A number literal of type DOUBLE that keeps every bit. */
export const double = (value: number): string => `CAST(${text(String(value))} AS DOUBLE)`;

/** The natural order of raw values: numbers by size, then everything else by text; ties by text. */
export const naturalOrder = (column: string): string => `TRY_CAST(${column} AS BIGINT) NULLS LAST, ${column}`;

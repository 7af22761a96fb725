// Finds what separates fields: the delimiter that splits all lines alike, into the most fields.
import { parse } from 'csv-parse/sync';

export interface Dialect {
  readonly delimiter: string;
  readonly quote: '"' | 'none';
  /** Fields of every line, the first one included. */
  readonly records: readonly (readonly string[])[];
}

/** In order of preference where two fit equally well. */
const DELIMITERS = ['::', '\t', ',', ';', '|', '\u0001', ' '] as const;
/** Where no quote was seen one may still come; other delimiters go with files that know no quotes. */
const QUOTING: readonly string[] = [',', ';', '\t'];
/** Share of the lines that must have the usual number of fields. */
const AGREEING = 0.98;

/** undefined where no delimiter gives at least two fields in nearly every line. */
export function findDialect(lines: readonly string[]): Dialect | undefined {
  let best: Dialect | undefined;
  for (const delimiter of DELIMITERS) {
    if (!lines[0]!.includes(delimiter)) continue;
    for (const quote of ['"', 'none'] as const) {
      const records = split(lines, delimiter, quote);
      if (records === undefined) continue;
      const width = records[0]!.length;
      const agreeing = records.filter((record) => record.length === width);
      if (width < 2 || agreeing.length < AGREEING * records.length) continue;
      // A space separates words of a text column as well: anything else that fits goes before it.
      if (best === undefined || (width > best.records[0]!.length && delimiter !== ' '))
        best = {
          delimiter,
          quote: used(lines, quote) || QUOTING.includes(delimiter) ? quote : 'none',
          records: agreeing,
        };
      break;
    }
  }
  return best;
}

function used(lines: readonly string[], quote: '"' | 'none'): boolean {
  return quote !== 'none' && lines.some((line) => line.includes(quote));
}

function split(
  lines: readonly string[],
  delimiter: string,
  quote: '"' | 'none',
): readonly (readonly string[])[] | undefined {
  try {
    return parse(lines.join('\n'), {
      delimiter,
      quote: quote === 'none' ? null : quote,
      relax_column_count: true,
    }) as string[][];
  } catch {
    return undefined; // quotes that do not close: tried again as ordinary text
  }
}

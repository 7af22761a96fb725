// Finds what separates fields: the delimiter that splits nearly all lines alike, into the most fields, and where the table begins.
import { parse } from 'csv-parse/sync';

export interface Dialect {
  readonly delimiter: string;
  readonly quote: '"' | 'none';
  /** What stands before a quote inside of quotes, where that is no quote. */
  readonly escape?: string;
  /** Lines before the first record of the table. */
  readonly skip: number;
  /** The record before the table, where there is one: a header of another width, perhaps. */
  readonly before: readonly string[] | undefined;
  /** Fields of every record of the usual number of fields, from the first one on. */
  readonly records: readonly (readonly string[])[];
}

/** In order of preference where two fit equally well. */
const DELIMITERS = ['::', '\t', ',', ';', '||', '|', '\u0001', '§§', '§', '^', '~', ' '] as const;
/** Where no quote was seen one may still come; other delimiters go with files that know no quotes. */
const QUOTING: readonly string[] = [',', ';', '\t'];
interface Quoting {
  readonly quote: '"' | 'none';
  readonly escape?: string;
  /** Whether a few lines with quotes of their own kind may be left out. */
  readonly lenient?: true;
}

/** As most programs write quotes, as MySQL and Spark do, as most do but for a few broken lines, and as ordinary text. */
const QUOTINGS: readonly Quoting[] = [
  { quote: '"' },
  { quote: '"', escape: '\\' },
  { quote: '"', lenient: true },
  { quote: 'none' },
];
/** Share of the records that must have the usual number of fields. */
const AGREEING = 0.98;
/** Records before the table. */
const LONGEST_PREAMBLE = 50;

interface PlacedRecord {
  readonly fields: readonly string[];
  /** Lines up to its end. */
  readonly lines: number;
}

/** undefined where no delimiter gives at least two fields in nearly every line. */
export function findDialect(lines: readonly string[]): Dialect | undefined {
  let best: Dialect | undefined;
  for (const delimiter of DELIMITERS) {
    if (!lines.some((line) => line.includes(delimiter))) continue;
    for (const quoting of QUOTINGS) {
      const { quote, escape: before } = quoting;
      const read = quoting.lenient ? wellQuoted(lines, delimiter) : lines;
      const found = read && tableOf(split(read, delimiter, quoting));
      if (found === undefined) continue;
      const isQuoted = used(lines, quote) || QUOTING.includes(delimiter);
      const dialect: Dialect = {
        delimiter,
        quote: isQuoted ? quote : 'none',
        ...(before === undefined ? {} : { escape: before }),
        ...found,
      };
      if (best === undefined || isBetter(dialect, best)) best = dialect;
      break;
    }
  }
  return best;
}

/** A space separates words of a text column as well: anything else that fits goes before it; and so does what needs no preamble. */
function isBetter(one: Dialect, other: Dialect): boolean {
  if (one.delimiter === ' ') return false;
  const width = (dialect: Dialect): number => dialect.records[0]!.length;
  // What a delimiter of two signs parts has an empty field between for one of them.
  if (other.delimiter === one.delimiter.repeat(2) && width(one) === 2 * width(other) - 1) return false;
  if (one.skip === 0 && other.skip > 0 && width(one) >= width(other)) return true;
  return width(one) > width(other);
}

function tableOf(
  records: readonly PlacedRecord[] | undefined,
): Pick<Dialect, 'skip' | 'before' | 'records'> | undefined {
  if (records === undefined || records.length === 0) return undefined;
  const width = usualWidth(records);
  const first = records.findIndex(({ fields }) => fields.length === width);
  if (width < 2 || first > Math.min(LONGEST_PREAMBLE, records.length / 2)) return undefined;
  const table = records.slice(first);
  const agreeing = table.filter(({ fields }) => fields.length === width);
  if (agreeing.length < AGREEING * table.length) return undefined;
  const before = records[first - 1];
  return {
    skip: before?.lines ?? 0,
    before: before?.fields,
    records: agreeing.map(({ fields }) => fields),
  };
}

function usualWidth(records: readonly PlacedRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]![0];
}

function used(lines: readonly string[], quote: '"' | 'none'): boolean {
  return quote !== 'none' && lines.some((line) => line.includes(quote));
}

function split(
  lines: readonly string[],
  delimiter: string,
  quoting: Quoting,
): readonly PlacedRecord[] | undefined {
  const { quote } = quoting;
  try {
    const records = parse(lines.join('\n'), {
      delimiter,
      quote: quote === 'none' ? null : quote,
      ...(quoting.escape === undefined ? {} : { escape: quoting.escape }),
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return records.map(({ record, info }) => ({ fields: record, lines: info.lines }));
  } catch {
    return undefined; // quotes that do not close: tried again another way
  }
}

/** Lines without those, hardly any, whose quotes are broken by themselves: prep names them. Undefined where they are many. */
function wellQuoted(lines: readonly string[], delimiter: string): readonly string[] | undefined {
  const most = Math.max(1, (1 - AGREEING) * lines.length);
  let broken = 0;
  const whole: string[] = [];
  for (const line of lines) {
    if (!line.includes('"') || split([line], delimiter, { quote: '"' }) !== undefined) whole.push(line);
    else if (++broken > most) return undefined;
  }
  return whole;
}

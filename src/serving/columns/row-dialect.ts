// How rows to score are written: as the log is, or as plain CSV. The first line says which.
import type { TextEncoding } from '../../prep/descriptor/encodings.js';
import type { LoggedDescriptor } from '../../prep/descriptor/logged.js';

/** How text is parted into fields, and what its bytes are where they are no UTF-8. */
export interface RowDialect {
  readonly delimiter: string;
  /** Null where quotes are ordinary text. */
  readonly quote: string | null;
  readonly escape: string;
  readonly encoding: TextEncoding;
}

export const PLAIN: RowDialect = { delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8' };

/** The dialect of rows whose first line is `header`: that of the log where it parts more fields than commas do. */
export function rowDialect({ events }: LoggedDescriptor, header: string): RowDialect {
  if (events === undefined) return PLAIN;
  const { encoding } = events;
  if (events.format !== 'csv') return { ...PLAIN, encoding };
  const fields = (delimiter: string): number => header.split(delimiter).length;
  if (fields(events.delimiter) < fields(PLAIN.delimiter)) return { ...PLAIN, encoding };
  const quote = events.quote === 'none' ? null : events.quote;
  return { delimiter: events.delimiter, quote, escape: events.escape ?? quote ?? '"', encoding };
}

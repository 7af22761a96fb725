// What a look at a raw file gives, whatever its format: how it is read, names and rows.
import type { EventsDescriptor } from '../../prep/descriptor/source.js';

/** How the descriptor must say that the file is read; what is left out is the default. */
export type SniffedSource = Partial<
  Pick<
    EventsDescriptor,
    'format' | 'delimiter' | 'quote' | 'escape' | 'header' | 'columns' | 'skip' | 'comment' | 'encoding'
  >
>;

export interface SampledRows {
  readonly source: SniffedSource;
  /** Names from the header, the keys or the schema; `column_1` … where there is none; '' where a column has none. */
  readonly names: readonly string[];
  /** [rows][columns]; '' is no value. */
  readonly rows: readonly (readonly string[])[];
  /** What was guessed about the file and why. */
  readonly reasons: readonly {
    readonly what: string;
    readonly value: string;
    readonly reason: string;
    /** Sure where nothing is said. */
    readonly confidence?: 'guess';
  }[];
}

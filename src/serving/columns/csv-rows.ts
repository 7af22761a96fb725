// Rows of CSV text as they come in: one record at a time, so that memory does not grow with the input.
import { CsvError, parse } from 'csv-parse';
import { UserError } from '../../errors.js';

/** What errors call the input. */
export const INPUT_NAME = 'standard input';

/** Longest record, in bytes: a quote that is never closed must not read the whole input into memory. */
const LARGEST_RECORD = 1 << 20;

export interface CsvRow {
  readonly fields: readonly string[];
  /** Line of the input, from 1, on which the row begins. */
  readonly line: number;
}

/** The records of a stream that errors call `name`, the header among them; empty lines are none. Throws UserError ROWS_BAD_CSV. */
export async function* csvRows(input: NodeJS.ReadableStream, name = INPUT_NAME): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true, // ragged rows are told by whoever knows the header
    max_record_size: LARGEST_RECORD,
  });
  const broken = (error: Error): void => void parser.destroy(error);
  input.once('error', broken);
  input.pipe(parser);
  // Counted here: the parser counts a line break inside quotes twice when it is CR LF.
  let line = 1;
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      if (fields.length > 1 || fields[0] !== '') yield { fields, line };
      line += 1 + lineBreaks(fields);
    }
  } catch (error) {
    throw error instanceof CsvError ? badCsv(error, name, line) : error;
  } finally {
    input.unpipe(parser);
    input.removeListener('error', broken);
  }
}

function lineBreaks(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields)
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  return count;
}

/** `line`: of the last record that was handed on; the parser may be further. */
function badCsv(error: CsvError, name: string, line: number): UserError {
  const { lines = 0 } = error as { lines?: number };
  return new UserError({
    code: 'ROWS_BAD_CSV',
    where: `${name}:${Math.max(line, lines)}`,
    what: `This is no CSV: ${error.message}.`,
    next: 'Separate fields by commas, and quote those that hold a comma, a quote or a line break.',
  });
}

// Scored rows as text: CSV like the input, or one JSON object a line.

import { PROBABILITY } from '../bundle/format/files.js';
import type { CsvRow } from './columns/csv-rows.js';

export type RowFormat = 'csv' | 'json-lines';

/** The first line, with its line break; '' for JSON lines. */
export function headText(header: readonly string[], format: RowFormat): string {
  return format === 'csv' ? `${csvLine([...header, PROBABILITY])}\n` : '';
}

/** Rows with their probabilities, in order. JSON keeps the input's cells as texts. */
export function rowsText(
  header: readonly string[],
  rows: readonly CsvRow[],
  probability: Float32Array,
  format: RowFormat,
): string {
  let text = '';
  rows.forEach(({ fields }, row) => {
    // Nine digits tell every 32-bit number from its neighbours.
    const score = Number(probability[row]!.toPrecision(9));
    text +=
      format === 'csv'
        ? `${csvLine([...fields, String(score)])}\n`
        : `${JSON.stringify(Object.fromEntries([...header.map((name, c) => [name, fields[c]]), [PROBABILITY, score]]))}\n`;
  });
  return text;
}

/** Fields as one line of CSV, without its line break. */
export function csvLine(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

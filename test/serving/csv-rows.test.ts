// Rows survive the way through text: whatever cells hold, what is written is read back, with the line each row begins on.
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRow, csvRows } from '../../src/serving/columns/csv-rows.js';
import { headText, rowsText } from '../../src/serving/scored-text.js';

async function read(pieces: readonly (string | Uint8Array)[]): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const bytes = pieces.map((piece) => Buffer.from(piece));
  for await (const row of csvRows(Readable.from(bytes, { objectMode: false }))) rows.push(row);
  return rows;
}

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(',', '"', '\n', '\r\n', ' ', 'a', 'é', '😀', '|'), { maxLength: 6 })
    .map((parts) => parts.join('')),
);

describe('CSV rows', () => {
  it('are read back as they were written, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (cells, step) => {
          const rows = cells.map((fields) => ({ fields, line: 0 }));
          const probability = Float32Array.from(rows, (_, i) => i / 7);
          const text = headText(['x', 'y'], 'csv') + rowsText(['x', 'y'], rows, probability, 'csv');
          const bytes = Buffer.from(text);
          const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
            bytes.subarray(i * step, (i + 1) * step),
          );
          const found = await read(pieces);
          expect(found.map(({ fields }) => fields)).toEqual([
            ['x', 'y', 'probability'],
            ...cells.map((fields, i) => [...fields, String(Number(probability[i]!.toPrecision(9)))]),
          ]);
          let line = 1;
          for (const { fields, line: told } of found) {
            expect(told).toBe(line);
            line += 1 + fields.join('').split('\n').length - 1;
          }
          // Every 32-bit number is told from its neighbours.
          expect(Float32Array.from(found.slice(1), ({ fields }) => Number(fields[2]))).toEqual(probability);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('may begin with a byte order mark and end without a line break', async () => {
    expect(await read(['\ufeffa,b\r\n1,2\r\n\r\n3,4'])).toEqual([
      { fields: ['a', 'b'], line: 1 },
      { fields: ['1', '2'], line: 2 },
      { fields: ['3', '4'], line: 4 },
    ]);
  });

  it('are given up when a quote is not closed within a megabyte', async () => {
    const endless = function* (): Generator<string> {
      yield 'a,b\n1,"';
      for (;;) yield 'x'.repeat(1 << 16);
    };
    const rows = csvRows(Readable.from(endless(), { objectMode: false }));
    await expect(
      (async () => {
        for await (const { line } of rows) expect(line).toBe(1);
      })(),
    ).rejects.toMatchObject({ code: 'ROWS_BAD_CSV', where: 'standard input:2' });
  });
});

// Rows to score as the log is written: delimiter, quotes and encoding, or as plain CSV in UTF-8.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type LoggedDescriptor, loggedSchema } from '../../src/prep/descriptor/logged.js';
import { csvRows } from '../../src/serving/columns/csv-rows.js';
import { rowDialect } from '../../src/serving/columns/row-dialect.js';
import { userErrors } from '../prep/prep-harness.js';

const log = (events: object): LoggedDescriptor => loggedSchema.parse({ events: { files: 'x', ...events } });

async function read(logged: LoggedDescriptor, bytes: Buffer | string): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const input = Readable.from([Buffer.from(bytes as string)], { objectMode: false });
  for await (const { fields } of csvRows(input, (header) => rowDialect(logged, header))) rows.push(fields);
  return rows;
}

describe('rows', () => {
  it('have the dialect of the log, or commas', async () => {
    const logged = log({ delimiter: ';', quote: "'" });
    expect(await read(logged, "a;b\n'x;y';1,5\n")).toEqual([
      ['a', 'b'],
      ['x;y', '1,5'],
    ]);
    expect(await read(logged, 'a,b\n"x,y",1;5\n')).toEqual([
      ['a', 'b'],
      ['x,y', '1;5'],
    ]);
    expect(await read(log({ delimiter: '\t', quote: 'none' }), 'a\tb\n"x\t1\n')).toEqual([
      ['a', 'b'],
      ['"x', '1'],
    ]);
  });

  it('have the encoding of the log, or UTF-8', async () => {
    const text = 'stadt,preis\nKöln,5 €\n';
    const expected = [
      ['stadt', 'preis'],
      ['Köln', '5 €'],
    ];
    expect(await read(log({ encoding: 'windows-1252' }), text)).toEqual(expected);
    const cp1252 = Buffer.from(text.replace('€', '\u0080'), 'latin1');
    expect(await read(log({ encoding: 'windows-1252' }), cp1252)).toEqual(expected);
    const latin = Buffer.from('ort\nMünchen\n', 'latin1');
    expect(await read(log({ encoding: 'latin-1' }), latin)).toEqual([['ort'], ['München']]);
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(await read(log({ encoding: 'utf-16' }), wide)).toEqual(expected);
    const cyrillic = Buffer.from('e8ecff0a', 'hex');
    expect(await read(log({ encoding: 'windows-1251' }), cyrillic)).toEqual([['имя']]);
    // 表 is 0x95 0x5c in Shift-JIS, its second byte a backslash.
    const japanese = Buffer.from('610a955c0a', 'hex');
    expect(await read(log({ encoding: 'shift_jis' }), japanese)).toEqual([['a'], ['表']]);
    const escaped = log({ encoding: 'shift_jis', escape: '\\' });
    const wrong = Buffer.from('610aff0a', 'hex');
    for (const broken of [read(escaped, japanese), read(log({ encoding: 'euc-kr' }), wrong)])
      expect(await userErrors(broken)).toMatchObject([{ code: 'ROWS_BAD_ENCODING' }]);
    expect(await userErrors(read(log({}), latin))).toMatchObject([
      { code: 'ROWS_BAD_ENCODING', where: 'standard input:2' },
    ]);
  });
});

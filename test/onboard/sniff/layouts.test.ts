// How the file is laid out: headers with gaps, lines before the table, encodings, JSON that is not quite; read, or refused by name.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/database.js';
import { copyTo, csvFile } from '../../../src/database/files.js';
import { madeCsv, madeRows, sniffed } from './made-log.js';

const lines = madeCsv().trimEnd().split('\n');
const all = (change: (line: string, n: number) => string): string => `${lines.map(change).join('\n')}\n`;
const isoOf = (seconds: string): string => new Date(1000 * Number(seconds)).toISOString();
const json = (n = 400) =>
  madeRows()
    .slice(0, n)
    .map(({ user_id, item_id, timestamp, click, price }) =>
      JSON.stringify({
        user_id,
        item_id,
        timestamp: Number(timestamp),
        click: Number(click),
        price: Number(price),
      }),
    );

describe('read as it stands:', () => {
  it.each<[string, string | Buffer]>([
    ['plain', all((line) => line)],
    ['an index that pandas wrote', all((line, n) => `${n === 0 ? '' : n - 1},${line}`)],
    ['a comma at the end of every line', all((line) => `${line},`)],
    ['a comma at the end of every row', all((line, n) => (n === 0 ? line : `${line},`))],
    ['row names as R writes them', all((line, n) => (n === 0 ? line : `"${n}",${line}`))],
    [
      'a repeated name of no role',
      all((line, n) => `${line},${n === 0 ? 'x' : n % 3},${n === 0 ? 'x' : n % 5}`),
    ],
    [
      'numbers among the names',
      all((line, n) => `${line},${n === 0 ? '2019' : n % 3},${n === 0 ? '2020' : n % 5}`),
    ],
    ['an empty first line', `\n${all((line) => line)}`],
    ['a title and an empty line', `Report of clicks\n\n${all((line) => line)}`],
    ['two titles with commas', `Report, of clicks\nof May, or so\n${all((line) => line)}`],
    ['comments', `# by job 7\n# 400 rows\n${all((line) => line)}`],
    [
      'a comment among the rows',
      all((line, n) => (n === 200 ? `${line}\n# half of it` : line)).replace(/^/, '# job\n'),
    ],
    ['semicolons', all((line) => line.replaceAll(',', ';'))],
    ['UTF-16', Buffer.from(`\ufeff${all((line) => line)}`, 'utf16le')],
    [
      'UTF-16 without a mark',
      Buffer.from(
        all((line) => line),
        'utf16le',
      ),
    ],
    [
      'Latin-1 late in the file',
      Buffer.from(
        all((line, n) =>
          n === 390 ? line.replace('red', 'grün').replace('blue', 'grün').replace('green', 'grün') : line,
        ),
        'latin1',
      ),
    ],
    [
      'Windows-1252',
      Buffer.from(
        all((line, n) => (n === 390 ? line.replace(/red|blue|green/, '\x80') : line)),
        'latin1',
      ),
    ],
    [
      'comments among the rows, none before',
      all((line, n) => (n > 0 && n % 30 === 0 ? `${line}\n# page ${n}` : line)),
    ],
    ['labels of 1.00 and 0.00', madeCsv((row) => ({ ...row, click: `${row.click}.00` }))],
    ['small letters in times', madeCsv((row) => ({ ...row, timestamp: isoOf(row.timestamp).toLowerCase() }))],
    ['a byte-order mark', `\ufeff${all((line) => line)}`],
  ])('%s', async (_, content) => {
    const log = await sniffed(content);
    expect(log.unsettled).toEqual([]);
    const { rows, entities, items } = await log.prepared();
    expect([rows, entities, items]).toEqual([400, 30, 20]);
    const names = log.descriptor.features.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['colour', 'price']);
    expect(names).not.toContain('click');
  });

  it.each<[string, string]>([
    ['JSON lines', `${json().join('\n')}\n`],
    [
      'JSON lines with NaN, as Python writes it',
      `${json().join('\n').replace('"price":5}', '"price":NaN}')}\n`,
    ],
    [
      'JSON lines with a key that comes late',
      `${json()
        .map((line, n) => (n < 250 ? line.replace(/,"price":[^}]*/, '') : line))
        .join('\n')}\n`,
    ],
  ])('%s', async (_, content) => {
    const log = await sniffed(content, 'log.jsonl');
    expect(log.unsettled).toEqual([]);
    const { rows, entities } = await log.prepared();
    expect([rows, entities]).toEqual([400, 30]);
    expect(log.descriptor.features.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['price numeric']);
  });

  it('Parquet with a float that lacks a value, objects, lists and a vector', async () => {
    const { cwd } = await sniffed(madeCsv());
    const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
    const select = `SELECT {'id': user_id, 'of': {'age': 20 + row_number() OVER () % 7}} AS "user", item_id, "timestamp", click,
        CASE WHEN price > 20 THEN 'nan'::DOUBLE ELSE price END AS price, [colour, 'a|b'] AS tags, [price, 1.5] AS embedding
      FROM ${csvFile(`${cwd}/log.csv`)}`;
    const path = `${cwd}/made.parquet`;
    await database.run(copyTo(select, path, 'FORMAT parquet'));
    database.close();
    const { readFile } = await import('node:fs/promises');
    const log = await sniffed(await readFile(path), 'log.parquet');
    expect(log.descriptor.columns?.entity).toBe('user.id');
    expect(log.descriptor.features.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'user_of_age categorical',
      'price numeric',
      'tags multi',
    ]);
    expect(log.text).toContain('is a vector');
    expect((await log.prepared()).entities).toBe(30);
  });
});

it('quotes with a backslash before them inside of a field', async () => {
  const log = await sniffed(all((line) => line.replace('red', '"r\\"e,d"')));
  expect(log.descriptor.events?.escape).toBe('\\');
  const { rows, entities } = await log.prepared();
  expect([rows, entities]).toEqual([400, 30]);
});

it('a file name with a line break, and rows that differ in a feature alone', async () => {
  const log = await sniffed(
    all((line) => line).replace(/u0,.*\n/, (row) => row + row.replace(/[\d.]+\n/, '99.5\n')),
    'a\nb.csv',
  );
  expect(log.descriptor.duplicates).toBe('error');
  expect((await log.prepared()).rows).toBe(401);
});

it.each(['§§', '||', '^', '~'])('fields between %s', async (delimiter) => {
  const log = await sniffed(madeCsv().replaceAll(',', delimiter));
  expect(log.descriptor.events?.delimiter).toBe(delimiter);
  expect((await log.prepared()).entities).toBe(30);
});

it('a header of counted columns is one, and its roles are asked for or found by values', async () => {
  const log = await sniffed(madeCsv().replace(/^.*\n/, '0,1,2,3,4,5\n'));
  expect(log.descriptor.events?.header).toBe(true);
  expect(log.descriptor.columns).toMatchObject({ timestamp: { column: '2' }, label: { column: '3' } });
});

describe('told:', () => {
  it('bytes that are no UTF-8 in a file that else is, which prep names', async () => {
    const text = Buffer.from(madeCsv((row) => ({ ...row, colour: 'röt' })));
    const at = text.indexOf('u7,');
    const log = await sniffed(Buffer.concat([text.subarray(0, at), Buffer.from([0xff]), text.subarray(at)]));
    expect(log.reason('encoding')).toContain('prep names the line');
    await expect(log.prepared()).rejects.toThrow('log.csv:3');
  });

  it('one line whose quotes are broken, which prep names', async () => {
    const log = await sniffed(all((line, n) => (n === 200 ? line.replace(',', '","') : line)));
    expect(log.descriptor.events?.quote).toBe('"');
    await expect(log.prepared()).rejects.toThrow('log.csv:201');
  });

  it('a packed file that is cut short, or goes on after its end', async () => {
    const packed = gzipSync(madeCsv());
    for (const content of [packed.subarray(0, -30), Buffer.concat([packed, Buffer.from('more')])])
      await expect(sniffed(content, 'log.csv.gz')).rejects.toMatchObject({ code: 'DATA_FILE_DAMAGED' });
  });

  it('keys that stand twice in a line, which prep names', async () => {
    const log = await sniffed(json().join('\n').replace('"click":0', '"click":0,"click":1'), 'log.jsonl');
    expect(log.reason('format')).toContain('"click" more than once');
    await expect(log.prepared()).rejects.toThrow('log.jsonl:2');
  });

  it('a cut-off last line of JSON, which prep names', async () => {
    const log = await sniffed(`${json().join('\n')}\n{"user_id":"u1","it`, 'log.jsonl');
    expect(log.descriptor.events?.format).toBe('jsonl');
    expect(log.reason('format')).toContain('1 of 401');
    await expect(log.prepared()).rejects.toThrow('log.jsonl:401');
  });

  it.each<[string, string | Buffer, string]>([
    ['an array', `[${json(3).join(',\n')}]`, 'SNIFF_JSON_ARRAY'],
    ['an array over many lines', `[\n  {\n    "a": 1\n  }\n]\n`, 'SNIFF_JSON_ARRAY'],
    ['an object over many lines', '{\n  "a": 1,\n  "b": 2\n}\n', 'SNIFF_NOT_JSON_LINES'],
    [
      'objects as Python prints them',
      "{'user_id': 'a', 'click': 1}\n{'user_id': 'b', 'click': 0}\n",
      'SNIFF_NOT_JSON_LINES',
    ],
    ['a NUL in a value', madeCsv((row, n) => (n === 9 ? { ...row, colour: 'r\0d' } : row)), 'SNIFF_NUL'],
    ['a dump of a database', `INSERT INTO log VALUES (1, 2);\n`, 'SNIFF_OTHER_KIND'],
    ['a web page', `<html><table>\n`, 'SNIFF_OTHER_KIND'],
    ['a spreadsheet', Buffer.from('504b030414000600', 'hex'), 'SNIFF_OTHER_KIND'],
    ['gzip without its ending', Buffer.from('1f8b0800000000000003', 'hex'), 'SNIFF_OTHER_KIND'],
    ['a header alone', `${lines[0]}\n`, 'SNIFF_FILE_EMPTY'],
    ['empty lines alone', '\n\n', 'SNIFF_FILE_EMPTY'],
  ])('%s is refused by name', async (_, content, code) => {
    await expect(sniffed(content)).rejects.toMatchObject({ code });
  });
});

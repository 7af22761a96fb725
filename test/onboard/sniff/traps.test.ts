// `limaml init` on files with traps, and on files that are no log.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { type InitResult, initDescriptor } from '../../../src/onboard/sniff/init-descriptor.js';
import { guessed } from './guessed.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-sniff-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('traps', () => {
  const sniff = async (name: string, content: string | Buffer): Promise<InitResult> => {
    const file = join(root, name);
    await writeFile(file, content);
    return initDescriptor({ file, directory: join(root, 'traps'), cwd: root });
  };
  const guess = (result: InitResult, what: string) => result.guesses.find((one) => one.what === what)?.value;

  it('semicolons with quoted semicolons, a byte-order mark and CRLF', async () => {
    const rows = ['"x; y"', '"z"', '"x; y"'].map(
      (cell, row) => `u${row % 2};i${row};170000000${row};${row % 2};${cell}`,
    );
    const result = await sniff(
      'trap-semicolon.csv',
      `\ufeffuser;item;time;click;note\r\n${rows.join('\r\n')}\r\n`,
    );
    expect(result.descriptor.events).toMatchObject({ delimiter: ';', quote: '"', header: true });
    expect(guessed(result)).toEqual({ entity: 'user', item: 'item', timestamp: 'time', label: 'click' });
  });

  it('names with a scale or a number sign, and a channel that sounds like a member', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, n) => `${['app', 'web', ''][n % 3]},${1 + (n % 5)},r${n % 40},b${n % 23},${1_700_000_000 + n}`,
    );
    const result = await sniff(
      'trap-scales.csv',
      `Client,Stars (1-5),Reader Nr,Book,Rated At\n${rows.join('\n')}\n`,
    );
    expect(guessed(result)).toEqual({
      entity: 'Reader Nr',
      item: 'Book',
      timestamp: 'Rated At',
      label: 'Stars (1-5)',
    });
    expect(result.descriptor.columns?.label).toMatchObject({ kind: 'threshold', threshold: 4 });
    // Names of another language: what could be IDs is asked about, and is no feature meanwhile.
    const foreign = await sniff(
      'trap-foreign.csv',
      `Farbe,Sterne (1-5),Kunde,Artikel,Rated At\n${rows.join('\n')}\n`,
    );
    expect(foreign.unsettled).toEqual(['label', 'entity', 'item']);
    for (const what of ['entity', 'item'])
      expect(foreign.guesses.find((one) => one.what === what)?.reason).toContain(
        'Kunde (40 different values in 300 rows), Artikel (23 different',
      );
    expect(foreign.descriptor.features.map(({ name }) => name)).toEqual(['farbe', 'sterne_1_5']);
    // Where nothing else will do it is asked for, by name.
    const alone = rows.map((row) => row.replace(/,r\d+,/, ','));
    const only = await sniff('trap-alone.csv', `Client,Stars (1-5),Book,Rated At\n${alone.join('\n')}\n`);
    expect(only.unsettled).toEqual(['entity']);
    expect(only.guesses.find(({ what }) => what === 'entity')).toMatchObject({
      value: null,
      reason: expect.stringContaining('Client'),
    });
  });

  it('Latin-1, packed', async () => {
    const text =
      'user\titem\ttime\tclick\tplace\nana\tb\t1700000000\t1\tSão Paulo\nbob\tb\t1700000100\t0\tMálaga\n';
    const result = await sniff('trap-latin.tsv.gz', gzipSync(Buffer.from(text, 'latin1')));
    expect(guess(result, 'encoding')).toBe('latin-1');
    expect(result.descriptor.events).toMatchObject({ delimiter: '\t', encoding: 'latin-1' });
    expect(result.descriptor.name).toBe('trap-latin');
  });

  it('stray quotes are ordinary text', async () => {
    const rows = ['5" screen', 'plain', '7" screen'].map(
      (cell, row) => `u${row % 2}|i${row}|170000000${row}|${row % 2}|${cell}`,
    );
    const result = await sniff('trap-quotes.txt', `user|item|time|click|note\n${rows.join('\n')}\n`);
    expect(result.descriptor.events).toMatchObject({ delimiter: '|', quote: 'none' });
  });

  it('columns named like those of the prepared tables', async () => {
    const rows = Array.from(
      { length: 80 },
      (_, row) => `u${row % 4},i${row % 5},${1_700_000_000 + row},${row % 2},${row % 5},${row % 7}`,
    );
    const head = 'user,item,time,click,value,timestamp_ms';
    const { descriptor } = await sniff('trap-columns.csv', `${head}\n${rows.join('\n')}\n`);
    expect(descriptor.features?.map(({ name, side }) => [name, side])).toEqual([
      ['item_value', 'item'],
      ['event_timestamp_ms', 'event'],
    ]);
  });

  it('labels of -1 and 1, and times in microseconds', async () => {
    const rows = Array.from(
      { length: 8 },
      (_, row) => `c${row % 3},p${row % 4},${1_700_000_000_000_000 + row},${row % 2 ? 1 : -1}`,
    );
    const { columns } = (await sniff('trap-signs.csv', `customer,product,ts,label\n${rows.join('\n')}\n`))
      .descriptor;
    expect(columns?.timestamp).toEqual({ column: 'ts', unit: 'us' });
    expect(columns?.label).toMatchObject({ kind: 'values', positive: ['1'], negative: ['-1'] });
  });

  it('names that YAML would read as something else', async () => {
    const rows = Array.from(
      { length: 6 },
      (_, row) => `u${row % 2},i${row % 3},170000000${row},${row % 2},${row % 4 < 2 ? 'p' : 'q'},${row % 3}`,
    );
    const { features } = (
      await sniff('trap-names.csv', `user,item,time,click,null,Größe: x\n${rows.join('\n')}\n`)
    ).descriptor;
    expect(features.map((feature) => [feature.name, 'column' in feature ? feature.column : ''])).toEqual([
      ['null', ''],
      ['groe_x', 'Größe: x'],
    ]);
  });

  it.each([
    ['nothing.csv', '', 'SNIFF_FILE_EMPTY'],
    ['one-column.csv', 'a\nb\nc\n', 'SNIFF_NO_TABLE'],
    [
      'prose.txt',
      'It was a dark night.\nThe rain fell, and fell, and fell.\nNobody came.\n',
      'SNIFF_NO_TABLE',
    ],
  ])('%s is refused', async (name, content, code) => {
    await expect(sniff(name, content)).rejects.toMatchObject({ code, next: expect.any(String) });
  });

  it('any bytes give a valid descriptor or a UserError, nothing else', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.integer().map(String),
      fc.constant(''),
    );
    const text = fc
      .array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
      .chain((rows) =>
        fc.constantFrom(',', '\t', ';', '::').map((by) => rows.map((row) => row.join(by)).join('\n')),
      );
    const content = fc.oneof(
      text.map((value) => Buffer.from(value)),
      fc.uint8Array({ maxLength: 200 }).map(Buffer.from),
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const outcome = await sniff(`fuzz-${number++}.csv`, bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
      }),
      { numRuns: 80 },
    );
  });

  it('a missing file is named', async () => {
    const missing = initDescriptor({ file: 'no-such.csv', directory: root, cwd: root });
    await expect(missing).rejects.toBeInstanceOf(UserError);
    await expect(missing).rejects.toMatchObject({ code: 'SNIFF_FILE_MISSING' });
  });
});

// Bytes that are no UTF-8: letters of western Europe are read and shown, everything else is asked for, never taken for them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initDescriptor } from '../../../src/onboard/sniff/init-descriptor.js';
import { westernWords } from '../../../src/onboard/sniff/western.js';
import { SEVERAL_BYTES } from '../../../src/prep/descriptor/encodings.js';
import { type Folder, temporaryFolder, userErrors } from '../../prep/prep-harness.js';
import { madeCsv, sniffed } from './made-log.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** The log with a word of bytes in place of a colour. */
const withWord = (word: Buffer): Buffer => {
  const text = Buffer.from(madeCsv((row) => ({ ...row, colour: row.colour === 'red' ? '@@' : row.colour })));
  return Buffer.from(text.toString('latin1').replaceAll('@@', word.toString('latin1')), 'latin1');
};

describe('asked for, with a word as each encoding has it:', () => {
  // As Python encodes them.
  it.each<[encoding: string, word: string, hex: string]>([
    ['windows-1251', 'Мария', 'cce0f0e8ff'],
    ['koi8-r', 'Мария', 'edc1d2c9d1'],
    ['ibm866', 'Мария', '8ca0e0a8ef'],
    ['iso-8859-5', 'Мария', 'bcd0e0d8ef'],
    ['windows-1250', 'Łódź', 'a3f3649f'],
    ['windows-1253', 'Αθήνα', 'c1e8deede1'],
    ['shift_jis', '東京', '938c8b9e'],
    ['gbk', '北京', 'b1b1bea9'],
    ['euc-kr', '서울', 'bcadbfef'],
  ])('%s', async (encoding, word, hex) => {
    const content = withWord(Buffer.from(hex, 'hex'));
    await folder.write('log.csv', content);
    const init = (name: string, stated?: string) =>
      initDescriptor({
        file: 'log.csv',
        directory: 'datasets',
        cwd: folder.path,
        name,
        ...(stated === undefined ? {} : { encoding: stated }),
      });
    const [error] = await userErrors(init('asked'));
    expect(error).toMatchObject({ code: 'SNIFF_ENCODING', next: expect.stringContaining('--encoding') });
    expect(error?.what).toContain(word);
    const { descriptor } = await init(`stated-${encoding}`, encoding);
    expect(descriptor.events?.encoding).toBe(encoding);
  });

  it('what is no encoding is refused', async () => {
    const init = initDescriptor({
      file: 'log.csv',
      directory: 'datasets',
      cwd: folder.path,
      encoding: 'utf-9',
    });
    expect(await userErrors(init)).toMatchObject([{ code: 'SNIFF_ENCODING', where: '--encoding utf-9' }]);
  });
});

it('prep reads the encoding that was stated, of JSON lines too', async () => {
  const word = Buffer.from('cce0f0e8ff', 'hex');
  const log = await sniffed(withWord(word), 'log.csv', 'windows-1251');
  const { descriptor, prepared } = log;
  expect(descriptor.features[0]?.name).toBe('colour');
  expect((await prepared()).rows).toBe(400);
});

it('words tell western Europe from the rest', () => {
  const western = (text: string): boolean => westernWords(text).western;
  for (const word of [
    'Köln',
    'Straße',
    'déjà',
    "l'été",
    'Ångström',
    '5 €',
    '„Käse“',
    'naïve!',
    'é',
    '¿Qué?',
    '12°',
    'Müller-Lüdenscheidt',
  ])
    expect([word, western(word)]).toEqual([word, true]);
  for (const word of ['Ìàðèÿ', 'íÁÒÉÑ', '£ód¼', 'K”ln', 'ZŸrich', 'Ýzmir', 'Muðla', '±±¾©', 'ÁèÞíá'])
    expect([word, western(word)]).toEqual([word, false]);
});

it('encodings of several bytes are those whose later bytes may look like ASCII', () => {
  for (const encoding of SEVERAL_BYTES)
    expect(new TextDecoder(encoding, { fatal: true }).decode(Buffer.from('a|b'))).toBe('a|b');
});

// The cheap form of trim that loading uses gives what trim of JavaScript gives, by which names of columns are read.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { quoted, trimmed, trimmedValue } from '../../src/database/sql.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
});
afterAll(() => database.close());

/** Trimmed by the database, in the order of the values. */
async function ours(values: readonly (string | null)[]) {
  const rows = values.map((value, index) => `(${index}, ${value === null ? 'NULL' : quoted(value)})`);
  const found = await database.rows(
    `SELECT ${trimmed('u')} AS ours, ${trimmedValue("u || ''")} AS value FROM (VALUES ${rows.join(', ')}) t(i, u) ORDER BY i`,
  );
  expect(found.map(({ value }) => value)).toEqual(found.map((row) => row['ours']));
  return found.map((row) => row['ours']);
}

test('by hand', async () => {
  expect(await ours([' a b ', 'a', '', '   ', '\ta\r\n', '\u00a0a\u3000', 'é ', '\ufeffa', null])).toEqual([
    'a b',
    'a',
    '',
    '',
    'a',
    'a',
    'é',
    'a',
    null,
  ]);
});

test('property: any mix of spaces, letters and signs; what is no white space stays', async () => {
  const spaces = ' \t\n\v\f\r\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
  const others = ['a', 'Z', '!', 'é', '😀', "'", '\u0085', '\u001f', '\u200b', '\u180e', '\u0301'];
  const piece = fc.constantFrom(...spaces, ...others);
  const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 50, maxLength: 100 }), async (values) => {
      expect(await ours(values)).toEqual(values.map((text) => text.trim()));
    }),
    { numRuns: 20 },
  );
});

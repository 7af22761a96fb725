// The cheap form of trim that loading uses gives what trim gives.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { quoted, trimmed } from '../../src/database/sql.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
});
afterAll(() => database.close());

/** Trimmed by both, in the order of the values. */
async function both(values: readonly (string | null)[]) {
  const rows = values.map((value, index) => `(${index}, ${value === null ? 'NULL' : quoted(value)})`);
  return database.rows(
    `SELECT trim(u) AS plain, ${trimmed('u')} AS ours FROM (VALUES ${rows.join(', ')}) t(i, u) ORDER BY i`,
  );
}

test('by hand', async () => {
  const rows = await both([' a b ', 'a', '', '   ', '\ta', '\u00a0a\u3000', 'é ', null]);
  expect(rows.map((row) => row['ours'])).toEqual(['a b', 'a', '', '', '\ta', 'a', 'é', null]);
  expect(rows.map((row) => row['plain'])).toEqual(rows.map((row) => row['ours']));
});

test('property: any mix of spaces, letters and signs', async () => {
  const piece = fc.constantFrom(
    ' ',
    '  ',
    'a',
    'Z',
    '!',
    '\t',
    '\r',
    '\u00a0',
    '\u2003',
    '\u3000',
    'é',
    '😀',
    "'",
  );
  const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 50, maxLength: 100 }), async (values) => {
      for (const { plain, ours } of await both(values)) expect(ours).toBe(plain);
    }),
    { numRuns: 20 },
  );
});

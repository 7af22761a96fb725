// Texts in SQL: whatever they hold, the database gets that text and nothing else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { ident, quoted, textList } from '../../src/database/sql.js';

it('a text comes back as it is, NUL, quotes and all', async () => {
  const database = await openDatabase({ memoryLimitMb: 64, threads: 1 });
  const back = async (text: string) =>
    (await database.rows(`SELECT ${quoted(text)} AS ${ident(`a"${text.replaceAll('\0', '')}b`)}`)).map(
      (row) => Object.values(row)[0],
    );
  for (const text of ['', "'", "''; DROP TABLE t; --", 'nul\0byte', '\0', "a\0'\0b", '\\', '\n', '🙂'])
    expect(await back(text)).toEqual([text]);
  const texts = fc.string({ unit: fc.constantFrom("'", '"', '\0', '\\', 'a', '\n', ';', '-', 'é', '🙂') });
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      expect(await back(text)).toEqual([text]);
      const found = await database.rows(`SELECT 1 AS is WHERE ${quoted(text)} IN ${textList(['b', text])}`);
      expect(found).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
  database.close();
});

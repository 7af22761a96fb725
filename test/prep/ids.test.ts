// IDs: parts of several columns that hold the separator, whole numbers with a fraction of nothing, words for no value.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { idPart, joinedId } from '../../src/prep/load/ids.js';
import { type Folder, plain, prep, sideFeatures, temporaryFolder, userErrors } from './prep-harness.js';

/** The same as the SQL, of texts. */
const joinIdParts = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : parts.map((part) => part.replace(/[\\|]/g, '\\$&')).join('|');
const wholeId = (id: string): string => id.replace(/^\+?(-?\d+)\.0*$/, '$1');

let folder: Folder;
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
});
afterAll(() => database.close());
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const inSql = async (sql: string): Promise<unknown> => (await database.rows(`SELECT ${sql} AS id`))[0]!['id'];

describe('several columns', () => {
  it('never give one ID to two combinations, in SQL as in text', async () => {
    const part = fc.string({ unit: fc.constantFrom('a', '|', '\\', 'b'), minLength: 1, maxLength: 4 });
    const pair = fc.tuple(part, part);
    await fc.assert(
      fc.asyncProperty(pair, pair, async (one, other) => {
        const same = one.join('\n') === other.join('\n');
        expect(joinIdParts(one) === joinIdParts(other)).toBe(same);
        expect(await inSql(joinedId(one.map(quoted)))).toBe(joinIdParts(one));
      }),
      { numRuns: 100 },
    );
    expect(joinIdParts(['a', 'b'])).toBe('a|b');
    expect(joinIdParts(['a|b', 'c'])).toBe('a\\|b|c');
    expect(joinIdParts(['a|b'])).toBe('a|b');
  });

  it('stay apart in a log', async () => {
    await folder.write('events.csv', 'a,b,item,time,label\nx|y,z,i,1,1\nx,y|z,i,2,0\nx|y,z,i,3,0\n');
    const { result } = await prep(folder, plain({ columns: { ...plain().columns!, entity: ['a', 'b'] } }));
    expect(result.entities).toBe(2);
  });
});

describe('ids: whole', () => {
  const columns = { ...plain().columns!, ids: 'whole' as const };

  it('3.0 is 3, in the log as in the table that is matched with it', async () => {
    await folder.write('events.csv', 'user,item,time,label\n3.0,7,1,1\n3,8.0,2,0\n-4.00,8,3,1\n');
    await folder.write('users.csv', 'id,age\n3.0,30\n-4,40\n');
    const { dataset } = await prep(
      folder,
      plain({
        columns,
        tables: { users: { files: 'users.csv', key: 'id', on: 'entity' } },
        features: [{ name: 'age', side: 'entity', kind: 'numeric', standardise: false }],
      }),
    );
    expect(await sideFeatures(dataset, 'entity')).toEqual({
      '': { age: 0 },
      '-4': { age: 40 },
      '3': { age: 30 },
    });
    expect(await dataset.vocabulary('item')).toEqual(['', '7', '8']);
  });

  it('of one side alone leaves the other as it is', async () => {
    await folder.write('events.csv', 'user,item,time,label\n3.0,x.0,1,1\n3,7.0,2,0\n');
    const { dataset } = await prep(folder, plain({ columns: { ...columns, ids: { entity: 'whole' } } }));
    expect(await dataset.vocabulary('entity')).toEqual(['', '3']);
    expect(await dataset.vocabulary('item')).toEqual(['', '7.0', 'x.0']);
  });

  it.each(['3.5', 'u3', '1e5'])('%s is refused', async (id) => {
    await folder.write('events.csv', `user,item,time,label\n3,x,1,1\n${id},y,2,0\n`);
    const errors = await userErrors(prep(folder, plain({ columns: { ...columns, item: 'time' } })));
    expect(errors.map(({ where }) => where)).toEqual(['events.csv:3 column "user"']);
  });

  it('is the same in SQL as in text', async () => {
    for (const id of ['3.0', '3', '-3.', '+3.00', '03.0', '3.5', 'x.0', ''])
      expect([id, await inSql(idPart(quoted(id), 'whole', 'item').sql)]).toEqual([id, wholeId(id)]);
  });

  it('without it IDs are texts', async () => {
    await folder.write('events.csv', 'user,item,time,label\n3.0,7,1,1\n3,8,2,0\n');
    expect((await prep(folder, plain())).result.entities).toBe(2);
  });
});

it('a word for "no value" that became a member is warned of', async () => {
  await folder.write('events.csv', 'user,item,time,label\nNA,x,1,1\nNA,y,2,0\na,null,3,1\n');
  const { reported } = await prep(folder, plain());
  const told = reported.flatMap((event) =>
    event.kind === 'warning' && event.code === 'MISSING_WORD' ? [event.text] : [],
  );
  expect(told).toHaveLength(2);
  expect(told[0]).toContain('"NA" is taken for one entity of 2 rows');
  expect(told[1]).toContain('"null" is taken for one item of 1 rows');
  const mended = plain({ events: { files: 'events.csv', missing: ['', 'NA', 'null'] } });
  expect((await userErrors(prep(folder, mended))).map(({ where }) => where)).toEqual([
    'events.csv:2 column "user"',
    'events.csv:3 column "user"',
    'events.csv:4 column "item"',
  ]);
});

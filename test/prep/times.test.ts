// Every way of writing a time that is read, against the milliseconds that another clock gives.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { countedMs, KNOWN_FORMATS, writtenMs } from '../../src/prep/load/times.js';
import { allEvents, plain, prep, temporaryFolder, userErrors } from './prep-harness.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
});
afterAll(() => database.close());

const read = async (sql: (text: string) => string, value: string): Promise<unknown> =>
  (await database.rows(`SELECT ${sql('t')} AS ms FROM (SELECT ${quoted(value)} AS t)`))[0]!['ms'];

const AT = Date.UTC(2023, 10, 26, 15, 45, 12);

describe('unit: iso', () => {
  it.each<[string, number]>([
    ['2023-11-26T15:45:12Z', AT],
    ['2023-11-26 15:45:12', AT],
    ['2023-11-26 15:45:12+00', AT],
    ['2023-11-26 15:45:12 UTC', AT],
    ['2023-11-26 15:45:12 +0000', AT],
    ['2023-11-26 17:45:12+02:00', AT],
    ['2023-11-26T21:15:12+0530', AT],
    ['2023-11-26 15:45:12.250', AT + 250],
    ['2023-11-26 15:45:12,250', AT + 250],
    ['2023-11-26T15:45:12.123456789Z', AT + 123],
    ['20231126T154512Z', AT],
    ['20231126T154512,250Z', AT + 250],
    ['20231126T154512+0100', AT - 3_600_000],
    ['20231126T1545Z', AT - 12_000],
    ['2023-11-26T15:45Z', AT - 12_000],
    ['2023-11-26 15:45', AT - 12_000],
    ['2023-11-26T15', AT - 12_000 - 45 * 60_000],
    ['2023-11-26', Date.UTC(2023, 10, 26)],
    ['20231126', Date.UTC(2023, 10, 26)],
    ['2023/11/26 15:45:12', AT],
    ['2023-11-26t15:45:12z', AT],
    ['20231126t154512z', AT],
    ['2023-11-26 15:45:12 gmt', AT],
    ['2023-11-26 16:45:12 Europe/Berlin', AT],
    ['2023-11-26T15:45:12-00:00', AT],
    ['2023-11-27T05:45:12+14:00', AT],
  ])('%s', async (text, ms) => {
    expect(await read((t) => writtenMs(t, 'iso', undefined), text)).toBe(ms);
  });

  // Three of the zones are one in some country and another elsewhere; the fraction is one of a minute, the offset more than a day's.
  const others = ['IST', 'BST', 'CST', '+25:00', '+15', '+01:75'].map(
    (zone) => `2023-11-26 15:45:12 ${zone}`,
  );
  const none = ['epoch', 'today', 'soon', '11/26/2023', '2023-13-01', '2023-02-30', '15:45:12', '202311', ''];
  it.each([...none, ...others, '2023-11-26T15:45.5', '2023-11-26T15,5Z'])('"%s" is none', async (text) => {
    expect(await read((t) => writtenMs(t, 'iso', undefined), text)).toBeNull();
  });
});

describe('patterns', () => {
  it.each<[string, string, number]>([
    ['11/26/2023 15:45:12', '%m/%d/%Y %H:%M:%S', AT],
    ['26/11/2023 15:45:12', '%d/%m/%Y %H:%M:%S', AT],
    ['11/26/2023 3:45:12 PM', '%m/%d/%Y %I:%M:%S %p', AT],
    ['26.11.2023 15:45:12', '%d.%m.%Y %H:%M:%S', AT],
    ['26/Nov/2023:15:45:12 +0000', '%d/%b/%Y:%H:%M:%S %z', AT],
    ['Sun Nov 26 15:45:12 2023', '%a %b %d %H:%M:%S %Y', AT],
    ['Sun, 26 Nov 2023 15:45:12 GMT', '%a, %d %b %Y %H:%M:%S %Z', AT],
    ['20231126154512', '%Y%m%d%H%M%S', AT],
  ])('%s', async (text, format, ms) => {
    expect(KNOWN_FORMATS).toContain(format);
    expect(await read((t) => writtenMs(t, 'format', format), text)).toBe(ms);
  });

  it('with an abbreviation that is another zone elsewhere read none', async () => {
    const format = '%a, %d %b %Y %H:%M:%S %Z';
    for (const zone of ['IST', 'CST', 'BST'])
      expect(
        await read((t) => writtenMs(t, 'format', format), `Sun, 26 Nov 2023 15:45:12 ${zone}`),
      ).toBeNull();
  });

  it('are many, and no two alike', () => {
    expect(KNOWN_FORMATS.length).toBeGreaterThan(300);
    expect(new Set(KNOWN_FORMATS).size).toBe(KNOWN_FORMATS.length);
  });
});

it('counted times keep the millisecond, of nanoseconds too', async () => {
  const counted = (unit: 's' | 'ms' | 'us' | 'ns', text: string) =>
    read((t) => countedMs(t, `CAST(${t} AS DOUBLE)`, unit), text);
  expect(await counted('s', '1701013512.25')).toBe(AT + 250);
  expect(await counted('ms', '1701013512250')).toBe(AT + 250);
  expect(await counted('us', '1701013512250999')).toBe(AT + 250);
  // As a double this is 1701013512250000128, but one below it is not.
  expect(await counted('ns', '1701013512250000000')).toBe(AT + 250);
  expect(await counted('ns', '1701013512249999999')).toBe(AT + 249);
  expect(await counted('ns', '1.70101351225e18')).toBe(AT + 250);
});

it('a log in nanoseconds, and one whose times are no ISO', async () => {
  const folder = await temporaryFolder();
  const columns = (unit: 'ns' | 'iso') => ({ ...plain().columns!, timestamp: { column: 'time', unit } });
  await folder.write(
    'events.csv',
    'user,item,time,label\na,x,1701013512250000000,1\na,y,1701013512249999999,0\n',
  );
  const { dataset } = await prep(folder, plain({ columns: columns('ns') }));
  expect((await allEvents(dataset)).map(({ item, ms }) => [item, ms - AT])).toEqual([
    ['y', 249],
    ['x', 250],
  ]);
  await folder.write('events.csv', 'user,item,time,label\na,x,20231126T154512Z,1\na,y,11/26/2023,0\n');
  const [error] = await userErrors(prep(folder, plain({ columns: columns('iso') })));
  expect(error).toMatchObject({ code: 'DATA_BAD_ROW', where: 'events.csv:3 column "time"' });
  await folder.remove();
});

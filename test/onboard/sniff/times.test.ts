// The clock: found however it is written, with the pattern that prep then reads it by; a day that may be a month is asked for.
import { beforeAll, describe, expect, it } from 'vitest';
import { openPrepared } from '../../../src/prepared/open.js';
import { type Change, madeCsv, sniffed } from './made-log.js';

const two = (n: number): string => String(n).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const written =
  (format: (at: Date) => string): Change =>
  (row) => ({ ...row, timestamp: format(new Date(Number(row.timestamp) * 1000)) });
const dayMonth = (at: Date) =>
  [two(at.getUTCDate()), two(at.getUTCMonth() + 1), at.getUTCFullYear()] as const;
const clock = (at: Date): string => at.toISOString().slice(11, 19);

const FORMS: readonly (readonly [string, (at: Date) => string])[] = [
  ['postgres', (at) => `${at.toISOString().slice(0, 10)} ${clock(at)}+00`],
  ['a zone in words', (at) => `${at.toISOString().slice(0, 10)} ${clock(at)} UTC`],
  ['basic ISO', (at) => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`],
  ['a comma before the fraction', (at) => `${at.toISOString().slice(0, 10)} ${clock(at)},000`],
  ['US', (at) => `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${clock(at)}`],
  [
    'US, half days',
    (at) =>
      `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()} ${at.getUTCHours() % 12 || 12}:${two(at.getUTCMinutes())} ${at.getUTCHours() < 12 ? 'AM' : 'PM'}`,
  ],
  ['Europe', (at) => `${dayMonth(at).join('.')} ${clock(at)}`],
  ['Britain', (at) => `${dayMonth(at).join('/')} ${clock(at)}`],
  [
    'ctime',
    (at) =>
      `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${clock(at)} ${at.getUTCFullYear()}`,
  ],
  [
    'a web server',
    (at) => `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${clock(at)} +0000`,
  ],
  ['digits', (at) => at.toISOString().slice(0, 19).replace(/\D/g, '')],
  ['milliseconds', (at) => String(at.getTime())],
  ['microseconds', (at) => `${at.getTime()}000`],
  ['nanoseconds', (at) => `${at.getTime()}000000`],
];

const timesOf = async (folder: string) => [...(await (await openPrepared(folder)).shard(0)).timestampMs];
let plain: readonly number[];
beforeAll(async () => {
  plain = await timesOf((await (await sniffed(madeCsv())).prepared()).path);
});

it.each(FORMS)('%s', async (_, format) => {
  const log = await sniffed(madeCsv(written(format)));
  expect(log.unsettled).toEqual([]);
  const { path } = await log.prepared();
  expect(await timesOf(path)).toEqual(plain);
});

describe('asked for', () => {
  it('days and months that may be one another', async () => {
    const early = written((at) => `0${(at.getUTCDate() % 9) + 1}/0${(at.getUTCHours() % 9) + 1}/2023`);
    const log = await sniffed(madeCsv(early));
    expect(log.unsettled).toEqual(['timestamp']);
    expect(log.reason('timestamp')).toMatch(/may be %m\/%d\/%Y or %d\/%m\/%Y/);
    await expect(log.prepared()).rejects.toThrow('%d/%m/%Y');
  });

  it('a time that cannot be read, though another column can', async () => {
    const log = await sniffed(
      madeCsv((row, n) => ({
        ...row,
        timestamp: `week ${n % 52}, day ${n % 7}`,
        released: `20${10 + (n % 9)}-01-02`,
      })),
    );
    expect(log.unsettled).toEqual(['timestamp']);
    expect(log.reason('timestamp')).toContain('timestamp ("week 0, day 0"');
    expect(log.reason('timestamp')).toContain('released');
    expect(log.text).not.toContain('timestamp: { sourceOrder');
  });

  it('no column at all', async () => {
    const log = await sniffed(madeCsv(({ timestamp: _, ...row }) => ({ ...row })));
    expect(log.unsettled).toEqual(['timestamp']);
    expect(log.reason('timestamp')).toContain('{ sourceOrder: true }');
    await expect(log.prepared()).rejects.toThrow('not settled');
  });
});

it('one bad time is told, and prep names its line', async () => {
  const log = await sniffed(madeCsv((row, n) => (n === 7 ? { ...row, timestamp: 'soon' } : row)));
  expect(log.descriptor.columns?.timestamp).toEqual({ column: 'timestamp', unit: 's' });
  expect(log.reason('timestamp')).toContain('1 of 400 values looked at cannot be read, for example "soon"');
  await expect(log.prepared()).rejects.toThrow('log.csv:9 column "timestamp"');
});

it('ids of ten digits are no times', async () => {
  const log = await sniffed(madeCsv((row, n) => ({ ...row, item_id: String(1_500_000_000 + (n % 20)) })));
  expect(log.descriptor.columns).toMatchObject({ item: 'item_id', timestamp: { column: 'timestamp' } });
  const without = await sniffed(
    madeCsv(({ timestamp: _, ...row }, n) => ({ ...row, item_id: String(1_500_000_000 + (n % 20)) })),
  );
  expect(without.unsettled).toEqual(['timestamp']);
});

it('days of a spreadsheet are no seconds from a start', async () => {
  const days = await sniffed(madeCsv((row, n) => ({ ...row, timestamp: String(45_244 + (n >> 4)) })));
  expect(days.unsettled).toEqual(['timestamp']);
  const started = await sniffed(madeCsv((row, n) => ({ ...row, timestamp: String(n * 60) })));
  expect(started.descriptor.columns?.timestamp).toEqual({ column: 'timestamp', unit: 's' });
});

it('a time of 0 is told, here and by prep', async () => {
  const log = await sniffed(madeCsv((row, n) => (n === 7 ? { ...row, timestamp: '0' } : row)));
  expect(log.reason('timestamp')).toContain('1 of 400 lie far from the others, for example "0"');
  const told: string[] = [];
  await log.prepared((event) => void (event.kind === 'warning' && told.push(`${event.code} ${event.text}`)));
  expect(told).toEqual([expect.stringMatching(/^STRAY_TIMES 1 of 400 events/)]);
});

// Rows to score in the columns of the log: found by its names, read as prep reads the log, the clock from the time.
import { afterEach, describe, expect, it } from 'vitest';
import type { BundleManifest } from '../../src/bundle/format/manifest-schema.js';
import { openDatabase } from '../../src/database/database.js';
import { type LoggedDescriptor, loggedSchema } from '../../src/prep/descriptor/logged.js';
import { timeSql } from '../../src/prep/encode/derive-events.js';
import { type RowReader, rowReader, type WantedValue } from '../../src/prep/read-rows.js';
import { matchColumns } from '../../src/serving/columns/match-columns.js';
import { userErrors } from '../prep/prep-harness.js';

const PARTS = ['hour', 'weekday', 'hour_of_week', 'month'] as const;
const clockOf = (part: (typeof PARTS)[number], utcOffsetMinutes = 0) =>
  ({ name: part, kind: 'time', part, utcOffsetMinutes }) as const;
const logged = (columns: object, features: readonly object[] = []): LoggedDescriptor =>
  loggedSchema.parse({
    columns: {
      entity: 'who',
      item: 'what',
      timestamp: { column: 'when', unit: 's' },
      label: { kind: 'binary', column: 'click' },
      ...columns,
    },
    features,
  });
const text = (name: string): WantedValue => ({ name, kind: 'text' });

let reader: RowReader | undefined;
afterEach(() => reader?.close());

/** What rows of cells give of `wanted`, or the value that is wrong. */
async function read(
  descriptor: LoggedDescriptor,
  wanted: readonly WantedValue[],
  header: readonly string[],
  ...rows: readonly (readonly string[])[]
): Promise<unknown> {
  reader?.close();
  reader = rowReader(descriptor, wanted, header);
  const values = await reader.read(rows);
  return 'reason' in values
    ? values
    : Object.fromEntries(wanted.map(({ name }) => [name, [...(values.get(name)?.values ?? [])]]));
}

describe('parts of the clock', () => {
  it.each([
    ['s', '1700000000', '22'],
    ['ms', '1700000000000', '22'],
    ['us', '1700000000000000', '22'],
    ['iso', '2023-11-14 22:13:20', '22'],
    ['iso', '2023-11-14T22:13:20+02:00', '20'],
    ['iso', '2023-11-14', '0'],
    ['format', '14.11.2023 22h', '22'],
  ])('are read from a time in %s: %s is hour %s', async (unit, cell, hour) => {
    const timestamp = { column: 'when', unit, ...(unit === 'format' ? { format: '%d.%m.%Y %Hh' } : {}) };
    const descriptor = logged({ timestamp }, [clockOf('hour')]);
    expect(await read(descriptor, [text('hour')], ['when'], [cell], [''])).toEqual({ hour: [hour, ''] });
  });

  it('are those that prep makes, whatever the time', async () => {
    const times = Array.from({ length: 400 }, (_, n) => 1_500_000_000_000 + n * 40_444_444_321);
    const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
    for (const part of PARTS) {
      const feature = { ...clockOf(part, 330), side: 'event' } as const;
      const inRange = times.filter((time) => time < Date.UTC(2200, 0, 1));
      const rows = inRange.map((time) => [String(time)]);
      const found = await database.rows(
        `SELECT ${timeSql(feature)} AS part FROM (SELECT unnest([${inRange.join(', ')}]) AS ts) s`,
      );
      const values = await read(logged({}, [feature]), [text(part)], ['timestamp_ms'], ...rows);
      expect(values).toEqual({ [part]: found.map((row) => row['part']) });
    }
    database.close();
  });

  it('need a time, and name one that is none', async () => {
    const descriptor = logged({}, [clockOf('hour')]);
    expect([...rowReader(descriptor, [text('hour')], ['at']).found]).toEqual([]);
    expect(await read(descriptor, [text('hour')], ['x', 'when'], ['1', ''], ['2', 'noon'])).toMatchObject({
      row: 1,
      column: 'when',
      value: 'noon',
      reason: expect.stringContaining('seconds since 1970'),
    });
  });
});

describe('IDs', () => {
  it('of several columns are joined as prep joins them, or stand in one of the plain name', async () => {
    const descriptor = logged({ entity: ['who', 'tab'] });
    const wanted = [text('entity')];
    expect(await read(descriptor, wanted, ['tab', 'who'], ['home', 'a'], ['x|y', 'b'])).toEqual({
      entity: ['a|home', 'b|x\\|y'],
    });
    expect(await read(descriptor, wanted, ['entity', 'who'], ['a|home', 'z'])).toEqual({
      entity: ['a|home'],
    });
    expect([...rowReader(descriptor, wanted, ['who']).found]).toEqual([]);
  });

  it('that are whole numbers are bare', async () => {
    const descriptor = logged({ ids: 'whole' });
    expect(await read(descriptor, [text('entity')], ['who'], ['3.0'], ['17'])).toEqual({
      entity: ['3', '17'],
    });
    expect(await read(descriptor, [text('entity')], ['who'], ['3.5'])).toMatchObject({ column: 'who' });
  });
});

describe('features', () => {
  const area = { name: 'area', side: 'event', kind: 'categorical', column: 'Zip Code', prefix: 2 };
  const zip = { ...area, pattern: '^D-(.*)' };

  it("of the log are cleaned as prep cleans them, those of a feature's own name are clean", async () => {
    const rows = [['D-10115'], ['10115'], [' D-80 ']];
    expect(await read(logged({}, [zip]), [text('area')], ['Zip Code'], ...rows)).toEqual({
      area: ['10', '', '80'],
    });
    expect(await read(logged({}, [zip]), [text('area')], ['area'], ...rows)).toEqual({
      area: ['D-10115', '10115', 'D-80'],
    });
    const folded = { ...zip, pattern: '(?i)^d-(.*)' };
    expect(await read(logged({}, [folded]), [text('area')], ['Zip Code'], ['D-7'])).toEqual({ area: ['7'] });
    const { column: _column, ...same } = zip;
    // Where the two names are one, what the pattern does not find anything in has been cleaned before.
    expect(await read(logged({}, [same]), [text('area')], ['area'], ['D-10115'], ['10'])).toEqual({
      area: ['10', '10'],
    });
  });

  it('are matched by the one engine of regular expressions that prep has, in linear time', async () => {
    const slow = { ...area, prefix: undefined, pattern: '^(?:(a+)+)$' };
    const long = 'a'.repeat(5000);
    expect(await read(logged({}, [slow]), [text('area')], ['Zip Code'], [`${long}!`], ['aa'])).toEqual({
      area: ['', 'aa'],
    });
  });

  it('of several values and numbers are read as prep reads them', async () => {
    const features = [
      { name: 'tags', side: 'item', kind: 'multi', separator: ';', max: 2, from: 'events' },
      { name: 'price', side: 'event', kind: 'numeric', missing: ['?'], column: 'cost' },
    ];
    const wanted: readonly WantedValue[] = [
      { name: 'tags', kind: 'texts' },
      { name: 'price', kind: 'number' },
    ];
    const rows = [
      ['b; a;b;c', ' 2.5 '],
      ['', '?'],
    ];
    expect(await read(logged({}, features), wanted, ['tags', 'cost'], ...rows)).toEqual({
      tags: [['b', 'a'], []],
      price: [2.5, Number.NaN],
    });
  });

  it('that are no finite 32-bit float, before or after standardising, are told', async () => {
    const transform = { log: false, mean: 0, deviation: 1e-10, missing: 0 } as const;
    const wanted: readonly WantedValue[] = [{ name: 'price', kind: 'number', transform }];
    for (const cell of ['1e39', '-1.7e308', 'inf', 'nan', '1e30', '0x10'])
      expect(await read(logged({}), wanted, ['price'], ['1'], [cell])).toMatchObject({
        row: 1,
        column: 'price',
        value: cell,
      });
    expect(await read(logged({}), wanted, ['price'], ['-3e27'])).toEqual({ price: [-3e27] });
  });

  it('hold no NUL', async () => {
    expect(await read(logged({}), [text('item')], ['item'], ['a'], ['b\0c'])).toMatchObject({
      row: 1,
      column: 'item',
    });
  });
});

describe('columns that are missing', () => {
  it('are told with what they mean', async () => {
    const manifest = {
      adapt: null,
      descriptor: logged({}),
      inputs: {
        score: ['item', 'area'].map((name) => ({ name, side: 'event', kind: 'category' })),
        adapt: [],
      },
      score: { inputs: [{ name: 'area', meaning: 'Category of the event as text.' }] },
    } as unknown as BundleManifest;
    const errors = await userErrors(
      Promise.resolve().then(() => matchColumns(['item', 'when'], manifest, false)),
    );
    expect(errors.map(({ what }) => what)).toEqual(['There is no column "area". Columns: item, when.']);
    expect(errors[0]!.next).toMatch(/^It is: Category of the event as text\. The first line/);
  });
});

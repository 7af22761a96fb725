// Rows to score in the columns of the log: found by its names, cleaned as prep cleans them, the clock read from the time.

import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { BundleManifest } from '../../src/bundle/format/manifest-schema.js';
import { openDatabase } from '../../src/database/database.js';
import type { LoggedDescriptor } from '../../src/prep/descriptor/logged.js';
import { timeSql } from '../../src/prep/encode/derive-events.js';
import { clockFeature, clockValues } from '../../src/serving/columns/clock-features.js';
import { csvRows } from '../../src/serving/columns/csv-rows.js';
import { matchColumns } from '../../src/serving/columns/match-columns.js';
import { cellRule, readCells } from '../../src/serving/columns/read-cells.js';
import { userErrors } from '../prep/prep-harness.js';

const PARTS = ['hour', 'weekday', 'hour_of_week', 'month'] as const;
const clockOf = (part: (typeof PARTS)[number], utcOffsetMinutes = 0) =>
  ({ name: part, kind: 'time', side: 'event', part, utcOffsetMinutes }) as const;
const logged = (unit: string, features: readonly object[]): LoggedDescriptor =>
  ({ columns: { timestamp: { column: 'when', unit } }, features }) as unknown as LoggedDescriptor;
const input = (name: string) => ({ name, side: 'event', kind: 'category' }) as const;
const rowsOf = async (text: string) => {
  const rows = [];
  for await (const row of csvRows(Readable.from([Buffer.from(text)]))) rows.push(row);
  return rows.slice(1);
};

describe('parts of the clock', () => {
  it.each([
    ['s', '1700000000', '22'],
    ['ms', '1700000000000', '22'],
    ['us', '1700000000000000', '22'],
    ['iso', '2023-11-14 22:13:20', '22'],
    ['iso', '2023-11-14T22:13:20+02:00', '20'],
    ['iso', '2023-11-14', '0'],
  ])('are read from a time in %s: %s is hour %s', async (unit, cell, hour) => {
    const clock = clockFeature(input('hour'), ['when'], logged(unit, [clockOf('hour')]));
    expect(clockValues(clock!, ['when'], await rowsOf(`when\n${cell}\n`)).values).toEqual([hour]);
  });

  it('are those that prep makes, whatever the time', async () => {
    const times = Array.from({ length: 400 }, (_, n) => 1_500_000_000_000 + n * 40_444_444_321);
    const rows = await rowsOf(`timestamp_ms\n${times.join('\n')}\n`);
    const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
    for (const part of PARTS) {
      const feature = clockOf(part, 330);
      const clock = clockFeature(input(part), ['timestamp_ms'], logged('s', [feature]));
      const found = await database.rows(
        `SELECT ${timeSql(feature)} AS part FROM (SELECT unnest([${times.join(', ')}]) AS ts) s`,
      );
      expect(clockValues(clock!, ['timestamp_ms'], rows).values).toEqual(found.map((row) => row['part']));
    }
    database.close();
  });

  it('need a time, and name one that is none', async () => {
    expect(clockFeature(input('hour'), ['at'], logged('s', [clockOf('hour')]))).toBeUndefined();
    const clock = clockFeature(input('hour'), ['when'], logged('s', [clockOf('hour')]))!;
    const rows = await rowsOf('when,x\n,1\nnoon,2\n');
    expect(clockValues(clock, ['when', 'x'], rows.slice(0, 1)).values).toEqual(['']);
    const [error] = await userErrors(Promise.resolve().then(() => clockValues(clock, ['when', 'x'], rows)));
    expect(error).toMatchObject({ code: 'ROWS_BAD_TIME', where: 'standard input:3 › when' });
  });
});

describe('columns', () => {
  const features = [
    {
      name: 'area',
      side: 'event',
      kind: 'categorical',
      column: 'Zip Code',
      pattern: '^D-(.*)',
      prefix: 2,
      missing: [],
    },
    clockOf('hour'),
  ];
  const descriptor = logged('s', features);
  const manifest = {
    adapt: null,
    descriptor: { ...descriptor, columns: { ...descriptor.columns, item: 'what' } },
    inputs: { score: [{ name: 'item', side: 'item', kind: 'id' }, input('area'), input('hour')], adapt: [] },
    score: { inputs: [{ name: 'area', meaning: 'Category of the event as text.' }] },
  } as unknown as BundleManifest;

  it("are found by the log's names, and the clock by the time", () => {
    const { placeOf, clock } = matchColumns(['when', 'Zip Code', 'what'], manifest, false);
    expect([...placeOf]).toEqual([
      ['item', 2],
      ['area', 1],
    ]);
    expect(clock.map(({ place, unit }) => [place, unit])).toEqual([[0, 's']]);
    // Their own names come first.
    const own = matchColumns(['hour', 'area', 'Zip Code', 'item', 'when'], manifest, false);
    expect([own.placeOf.get('area'), own.placeOf.get('hour'), own.clock]).toEqual([1, 0, []]);
  });

  it('that are missing are told with what they mean', async () => {
    const errors = await userErrors(
      Promise.resolve().then(() => matchColumns(['item', 'when'], manifest, false)),
    );
    expect(errors.map(({ what }) => what)).toEqual(['There is no column "area". Columns: item, when.']);
    expect(errors[0]!.next).toMatch(/^It is: Category of the event as text\. The first line/);
  });

  it("of the log are cleaned as prep cleans them, those of a feature's own name are clean", async () => {
    const rows = await rowsOf('x\nD-10115\n10115\n');
    const read = (column: string) =>
      readCells(input('area'), rows, 0, column, cellRule(input('area'), descriptor, column)).values;
    expect(read('Zip Code')).toEqual(['10', '']);
    expect(read('area')).toEqual(['D-10115', '10115']);
    const folded = logged('s', [{ ...features[0], pattern: '(?i)^d-(.*)' }]);
    const rule = cellRule(input('area'), folded, 'Zip Code');
    expect(readCells(input('area'), rows, 0, 'Zip Code', rule).values).toEqual(['10', '']);
    const odd = logged('s', [{ ...features[0], pattern: '(?P<n>x)' }]);
    expect(() => cellRule(input('area'), odd, 'Zip Code')).toThrow(/cannot be run outside of prep/);
  });
});

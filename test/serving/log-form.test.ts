// New events in the raw log's own columns: read by the descriptor in the bundle, and by hand.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { userErrors } from '../prep/prep-harness.js';
import { read } from './read-events-alone.js';

const stars = {
  columns: {
    entity: 'who',
    item: 'what',
    timestamp: { column: 'when', unit: 's' },
    label: { kind: 'threshold', column: 'stars', threshold: 4, range: [1, 5] },
  },
};
type Change = Record<string, unknown>;
const described = (columns: Change, rest: Change = {}): Change => ({
  columns: { ...stars.columns, ...columns },
  ...rest,
});

describe('events in the columns of the raw log', () => {
  it('have its units and its label rule', async () => {
    const result = await read(
      stars,
      'stars,who,what,when,note\n5,a,x,1700000000,hi\n3.5,a,y,1700000001.25,\n4,b,x,1700000002,\n',
    );
    expect(result).toMatchObject({ form: 'log', rows: 3, dropped: {}, entities: 2 });
    expect(result.values).toEqual([
      ['a', 'x', 1_700_000_000_000, 1],
      ['a', 'y', 1_700_000_001_250, 0],
      ['b', 'x', 1_700_000_002_000, 1],
    ]);
  });

  it('have bare whole numbers for IDs where the log has, of the side that has', async () => {
    const rows = '3.0,7.0,1700000000,5\n';
    const ids = async (change: Change, header = 'who,what,when,stars') =>
      (await read(described(change), `${header}\n${rows}`)).values.map(([entity, item]) => [entity, item]);
    expect(await ids({ ids: 'whole' })).toEqual([['3', '7']]);
    expect(await ids({ ids: { entity: 'whole' } })).toEqual([['3', '7.0']]);
    expect(await ids({ ids: 'whole' }, 'entity,what,when,stars')).toEqual([['3.0', '7']]);
  });

  it.each([
    ['iso', { column: 'when', unit: 'iso' }, '2023-11-14T22:13:20Z', 1_700_000_000_000],
    ['milliseconds', { column: 'when', unit: 'ms' }, '1700000000123', 1_700_000_000_123],
    ['microseconds', { column: 'when', unit: 'us' }, '1700000000123456', 1_700_000_000_123],
    [
      'a format',
      { column: 'when', unit: 'format', format: '%y%m%d%H' },
      '14102123',
      Date.UTC(2014, 9, 21, 23),
    ],
  ])('have times in %s', async (_unit, timestamp, cell, ms) => {
    const { values } = await read(described({ timestamp }), `who,what,when,stars\na,x,${cell},5\n`);
    expect(values).toEqual([['a', 'x', ms, 1]]);
  });

  it.each([
    [
      'named values',
      { kind: 'values', column: 'act', positive: ['buy', 'cart'], negative: ['view'] },
      ['buy', 'view', 'cart'],
      [1, 0, 1],
    ],
    ['ready labels', { kind: 'binary', column: 'act' }, ['true', '0', '1'], [1, 0, 1]],
  ])('have labels by %s', async (_kind, label, cells, expected) => {
    const rows = cells.map((cell, n) => `a,x${n},${1_700_000_000 + n},${cell}\n`);
    const { values } = await read(described({ label }), `who,what,when,act\n${rows.join('')}`);
    expect(values.map((row) => row[3])).toEqual(expected);
  });

  it('are left out as prep leaves rows out, and counted', async () => {
    const label = { kind: 'values', column: 'act', positive: ['buy'], negative: ['view'], otherwise: 'drop' };
    const events = { files: 'log.csv', where: [{ column: 'tab', in: ['home'] }] };
    const { values, dropped, rows } = await read(
      described({ label }, { events }),
      'who,what,when,act,tab\na,x,1700000000,buy,home\na,y,1700000000,buy,shop\na,z,1700000000,hover,home\n',
    );
    expect(values).toEqual([['a', 'x', 1_700_000_000_000, 1]]);
    expect([rows, dropped]).toEqual([1, { 'rows filtered by tab': 1, 'rows with other label values': 1 }]);
  });

  it('stand for as many exposures as they count', async () => {
    const label = { kind: 'counts', positives: 'clicks', total: 'shown' };
    const { values } = await read(described({ label }), 'who,what,when,clicks,shown\na,x,1700000000,1,3\n');
    expect(values.map((row) => row[3])).toEqual([1, 0, 0]);
  });

  it('bring their features in raw form, cleaned as prep cleans them, and the clock gives its own', async () => {
    const features = [
      {
        name: 'price',
        side: 'event',
        kind: 'numeric',
        column: 'Cost in EUR',
        missing: ['?'],
        from: 'events',
      },
      { name: 'area', side: 'event', kind: 'categorical', column: 'zip', prefix: 2, from: 'events' },
      { name: 'tags', side: 'event', kind: 'multi', separator: ';', max: 2, from: 'events' },
      { name: 'hour', side: 'event', kind: 'time', part: 'hour', utcOffsetMinutes: 60 },
      { name: 'past', side: 'event', kind: 'history', of: 'entity', statistic: 'count' },
    ];
    const inputs = [
      { name: 'price', kind: 'number' },
      { name: 'area', kind: 'category' },
      { name: 'tags', kind: 'categories' },
      { name: 'hour', kind: 'category' },
      { name: 'past', kind: 'number' },
    ] as const;
    const csv =
      'who,what,when,stars,Cost in EUR,zip,tags,past\na,x,1700000000,5,3.5,10115,b;a;b;c,7\na,y,1700003600,1,?,,,8\n';
    const { values } = await read({ ...stars, features }, csv, { inputs });
    // 1 700 000 000 is 22:13 UTC.
    expect(values).toEqual([
      ['a', 'x', 1_700_000_000_000, 1, 3.5, '10', ['b', 'a'], '23', 7],
      ['a', 'y', 1_700_003_600_000, 0, null, null, [], '0', 8],
    ]);
    const errors = await userErrors(
      read({ ...stars, features }, csv.replace(',past\n', ',history\n'), { inputs }),
    );
    expect(errors).toMatchObject([
      { code: 'EVENTS_COLUMN_MISSING', what: expect.stringContaining('"past"') },
    ]);
  });

  it('come in the dialect of the log, and in other formats', async () => {
    const lines = 'a;x;1700000000;5\nb|c;y;1700000001;1\n';
    const expected = [
      ['a', 'x', 1_700_000_000_000, 1],
      ['b|c', 'y', 1_700_000_001_000, 0],
    ];
    const events = {
      files: 'log.csv',
      delimiter: ';',
      header: false,
      columns: ['who', 'what', 'when', 'stars'],
    };
    expect((await read({ ...stars, events }, lines)).values).toEqual(expected);
    expect((await read({ ...stars, events }, gzipSync(lines), { name: 'new.csv.gz' })).values).toEqual(
      expected,
    );
    const json =
      '{"who":"a","what":"x","when":1700000000,"stars":5}\n{"who":"b|c","what":"y","when":1700000001,"stars":1}\n';
    expect((await read({ ...stars, events }, json, { name: 'standard input' })).values).toEqual(expected);
    const own = 'who,what,timestamp_ms,label\na,x,1700000000000,1\nb|c,y,1700000001000,0\n';
    expect(await read({ ...stars, events }, own)).toMatchObject({ form: 'bundle', values: expected });
    const packed = await read(stars, gzipSync(own), { name: 'new.csv.gz' });
    expect(packed).toMatchObject({ form: 'bundle', values: expected });
    const both = { ...stars.columns, entity: ['who', 'tab'] };
    const { values } = await read({ columns: both }, 'who,tab,what,when,stars\na,home,x,1700000000,5\n');
    expect(values[0]![0]).toBe('a|home');
  });

  it('may name the IDs plainly, and of a log of clicks must say what was none', async () => {
    expect((await read(stars, 'entity,item,when,stars\na,x,1700000000,5\n')).values).toEqual([
      ['a', 'x', 1_700_000_000_000, 1],
    ]);
    const implicit = described({ label: { kind: 'implicit', negatives: {} } });
    expect(
      (await read(implicit, 'who,what,when,label\na,x,1700000000,1\na,y,1700000001,0\n')).values,
    ).toEqual([
      ['a', 'x', 1_700_000_000_000, 1],
      ['a', 'y', 1_700_000_001_000, 0],
    ]);
    expect(await userErrors(read(implicit, 'who,what,when\na,x,1700000000\n'))).toMatchObject([
      { code: 'EVENTS_COLUMN_MISSING', what: expect.stringContaining('"label"') },
    ]);
  });

  it('are told by line and column where they cannot be read', async () => {
    const rows = 'who,what,when,stars\na,x,1700000000,5\na,y,yesterday,5\n,z,1700000000,6\n';
    const errors = await userErrors(read(stars, rows));
    expect(errors.map(({ code, where, what }) => [code, where, what])).toEqual([
      [
        'EVENTS_BAD_VALUE',
        'new.csv:3 column "when"',
        expect.stringContaining('"yesterday" is not a number of seconds'),
      ],
      ['EVENTS_BAD_VALUE', 'new.csv:4 column "who"', expect.stringContaining('no entity')],
    ]);
  });
});

describe('a packed file that is cut short', () => {
  it.each([
    ['.gz', gzipSync('who,what,when,stars\na,x,1700000000,5\n').subarray(0, 30)],
    ['.gz', Buffer.from('who,what,when,stars\n')],
    ['.zst', Buffer.from('who,what,when,stars\n')],
  ])('%s is told, not called a bug', async (ending, bytes) => {
    const [error] = await userErrors(read(stars, bytes, { name: `new.csv${ending}` }));
    expect(error).toMatchObject({ code: 'EVENTS_DAMAGED', where: `new.csv${ending}` });
  });

  it('and an empty one has no header', async () => {
    for (const content of ['', '\n', '\ufeff'])
      expect(await userErrors(read(stars, content))).toMatchObject([
        { code: 'EVENTS_NO_HEADER', where: 'new.csv' },
      ]);
  });
});

describe('which form it is', () => {
  it('is the log where names coincide, the bundle where its own are there, and told where neither is', async () => {
    const same = described({
      timestamp: { column: 'timestamp_ms', unit: 'ms' },
      label: { ...stars.columns.label, column: 'label' },
    });
    const five = await read(same, 'who,what,timestamp_ms,label\na,x,1700000000000,5\n');
    expect(five).toMatchObject({ form: 'log', values: [['a', 'x', 1_700_000_000_000, 1]] });
    const own = await read(stars, 'who,what,timestamp_ms,label\na,x,1700000000000,1\n');
    expect(own).toMatchObject({ form: 'bundle', values: [['a', 'x', 1_700_000_000_000, 1]] });
    const [error] = await userErrors(read(stars, 'who,what,time,label\na,x,1700000000,1\n'));
    expect(error).toMatchObject({
      code: 'EVENTS_COLUMN_MISSING',
      what: expect.stringContaining('"timestamp_ms"'),
    });
    expect(error!.next).toContain('those of the log (who, what, when, stars)');
  });

  it('is the log for what is no CSV, and told where the log is not known', async () => {
    const json = '{"who":"a"}\n';
    const errors = await userErrors(read(stars, json));
    expect(errors.map(({ what }) => /"(\w+)"/.exec(what)![1])).toEqual(['what', 'when', 'stars']);
    const [error] = await userErrors(read(undefined, json));
    expect(error).toMatchObject({ code: 'EVENTS_NOT_CSV', where: 'new.csv' });
  });

  it.each([
    ['nothing', undefined],
    ['something else', { columns: 'three' }],
    ['a log without a clock', described({ timestamp: { sourceOrder: true } })],
  ])('is the bundle where the descriptor is %s', async (_what, descriptor) => {
    const own = await read(descriptor, 'entity,item,timestamp_ms,label\na,x,1700000000000,1\n');
    expect(own).toMatchObject({ form: 'bundle', rows: 1 });
  });
});

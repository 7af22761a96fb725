// A profile of small logs whose every figure can be counted by hand.
import { describe, expect, it } from 'vitest';
import { renderProfile } from '../../../src/cli/render/profile.js';
import { UserError } from '../../../src/errors.js';
import { base, codes, profile } from './small-log.js';

const HEAD = 'who,what,at,hit,price,colour\n';
const LOG = `${HEAD}ann,a,1000000000,1,1.5,red
ann,b,1000086400,0,,red
ann,c,1000086400,1,2.5,blue
bob,a,1000100000,0,10,red
cid,a,1000172800,0,4,
cid,d,1000172800,0,4,blue
`;

describe('figures', () => {
  it('are those counted by hand', async () => {
    const found = await profile(
      { 'log.csv': LOG },
      { features: [{ name: 'price', side: 'event', kind: 'numeric' }] },
    );
    expect([found.rows, found.entities, found.items, found.duplicates]).toEqual([6, 3, 4, 0]);
    expect(found.labelRate).toBeCloseTo(2 / 6, 12);
    expect(found.time).toEqual({
      from: '2001-09-09T01:46:40.000Z',
      to: '2001-09-11T01:46:40.000Z',
      days: 2,
      distinct: 4,
      tied: 4,
    });
    expect(found.historyLengths).toEqual({
      median: 2,
      mean: 2,
      max: 3,
      bars: [
        { from: 1, to: 1, entities: 1, events: 1 },
        { from: 2, to: 2, entities: 1, events: 2 },
        { from: 3, to: 5, entities: 1, events: 3 },
      ],
    });
    const [who, , at, hit, price, colour] = found.columns;
    expect(who).toMatchObject({
      name: 'who',
      roles: ['entity'],
      present: 6,
      missing: 0,
      distinct: 3,
      singles: 1,
      numeric: false,
      auc: null,
    });
    expect(at).toMatchObject({
      roles: ['timestamp'],
      numeric: true,
      whole: true,
      min: 1_000_000_000,
      distinct: 4,
    });
    expect(hit).toMatchObject({ roles: ['label'], frequent: ['0', '1'] });
    // Five prices: 1.5, 2.5, 4, 4, 10.
    expect(price).toMatchObject({
      roles: ['feature'],
      features: ['price'],
      present: 5,
      missing: 1,
      distinct: 4,
      singles: 3,
      numeric: true,
      whole: false,
      min: 1.5,
      median: 4,
      max: 10,
    });
    // Clicks at 1.5 and 2.5; the rest at nothing (lowest), 4, 4 and 10: 1 of 4 below each, so 3/4 turned around.
    expect(price?.auc).toBeCloseTo(0.75, 12);
    expect(colour).toMatchObject({ roles: ['unused'], missing: 1, frequent: ['red', 'blue'] });
  });

  it('count every exposure of a row, and judge side tables by the events that use them', async () => {
    const found = await profile(
      {
        'log.csv':
          'who,what,at,clicks,shown\nann,a,1000000000,2,5\nbob,b,1000000001,0,5\nbob,z,1000000002,1,1\n',
        'side.csv': 'id,kind\na,x\nb,y\nb,z\nq,x\n',
      },
      {
        columns: { ...base.columns, label: { kind: 'counts', positives: 'clicks', total: 'shown' } },
        tables: { things: { files: 'side.csv', key: 'id', on: 'item' } },
      },
    );
    expect(found.labelRate).toBeCloseTo(3 / 11, 12);
    expect(found.tables).toEqual([
      { name: 'things', on: 'item', rows: 4, repeatedKeys: 1, unmatchedEvents: 1 },
    ]);
    expect(codes(found)).toEqual(
      expect.arrayContaining(['warning REPEATED_KEYS', 'hint TABLE_INCOMPLETE', 'hint TABLE_UNUSED']),
    );
  });

  it('leave filtered and bad rows out, and show the bad ones', async () => {
    const found = await profile(
      { 'log.csv': `${LOG}dan,a,soon,1,3,red\nsys,a,1000000000,1,3,red\n` },
      { events: { files: 'log.csv', where: [{ column: 'who', notIn: ['sys'] }] } },
    );
    expect(found.rows).toBe(6);
    expect(found.dropped).toEqual({ 'rows filtered by who': 1, 'bad rows': 1 });
    expect(found.rejects).toEqual([
      expect.stringContaining('log.csv:8 column "at": "soon" is not a number of seconds'),
    ]);
    expect(codes(found)).toContain('warning BAD_ROWS');
    // Of a log of which nothing can be read, the descriptor is the first to look at.
    const none = await profile({ 'log.csv': LOG.replaceAll(/,(1\d{9}),/g, ',soon,') });
    expect(none.rows).toBe(0);
    expect(none.suggestions).toMatchObject([
      { code: 'BAD_ROWS', text: expect.stringContaining('No row is left: 6 cannot be read.') },
    ]);
  });

  it('of a log without a clock or negatives say so', async () => {
    const found = await profile(
      { 'log.csv': LOG },
      { columns: { ...base.columns, timestamp: { sourceOrder: true }, label: { kind: 'implicit' } } },
    );
    expect([found.time, found.labelRate]).toEqual([null, null]);
    expect(found.columns.every((column) => column.auc === null)).toBe(true);
    expect(codes(found)).toEqual(['hint NO_CLOCK', 'hint SHORT_HISTORIES', 'hint ITEM_LIKE_ID']);
  });

  it('need the files', async () => {
    await expect(profile({})).rejects.toBeInstanceOf(UserError);
  });
});

describe('renderProfile', () => {
  it('draws the figures', async () => {
    const found = await profile(
      { 'log.csv': LOG },
      { features: [{ name: 'price', side: 'event', kind: 'numeric' }], duplicates: 'drop' },
    );
    expect(renderProfile(found)).toBe(
      [
        'data set    small',
        'files       log.csv',
        'events      6 of 3 entities with 4 items',
        'left out    none',
        'duplicates  0',
        'times       2001-09-09 01:46 to 2001-09-11 01:46 UTC, 2.0 days, 4 different',
        'label rate  0.3333',
        'histories   median 2, mean 2.0, longest 3',
        '',
        'events per entity',
        '          1  ████████████████████████████████████████          1   33.3 %',
        '          2  ████████████████████████████████████████          1   33.3 %',
        '        3–5  ████████████████████████████████████████          1   33.3 %',
        '',
        'column         role           missing  distinct  AUC alone  values',
        'events.who     entity           0.0 %         3          –  ann, cid, bob',
        'events.what    item             0.0 %         4          –  a, b, c, …',
        'events.at      timestamp        0.0 %         4          –  1000000000 … 1000086400 … 1000172800',
        'events.hit     label            0.0 %         2          –  0, 1',
        'events.price   feature price   16.7 %         4      0.750  1.5 … 4 … 10',
        'events.colour  unused          16.7 %         2          –  red, blue',
        '',
        'warning  SPLIT_NO_BOUNDARY  split',
        '         The times are so coarse that no boundaries lie between training, validation and test rows. State validFrom and testFrom, or use per-entity-time or entity-holdout.',
        'hint     TIME_TIES  columns.timestamp',
        '         66.7 % of the events share their instant with another of the same entity; a split never separates those.',
        'hint     SHORT_HISTORIES  columns.entity',
        '         Half of the entities have 2 event(s) or fewer: there is little to adapt on. Is this the right entity?',
        'hint     ITEM_LIKE_ID  columns.item',
        '         4 items in 6 events: most are seen once. A coarser item (a group, a category) can be learned.',
      ].join('\n'),
    );
  });
});

describe('a column and a history', () => {
  it('of the true probability is known as such', async () => {
    const log = 'who,what,at,hit,p\na,x,1000000000,1,0.5\na,y,1000000001,0,0.25\n';
    const found = await profile({ 'log.csv': log }, { columns: { ...base.columns, truth: 'p' } });
    expect(found.columns.find(({ name }) => name === 'p')?.roles).toEqual(['truth']);
  });

  it('of the middle of four members is the second', async () => {
    const rows = ['a', 'b', 'c', 'c', 'c', 'd', 'd', 'd'].map(
      (who, n) => `${who},i${n},${1_000_000_000 + n},${n % 2}\n`,
    );
    const found = await profile({ 'log.csv': `who,what,at,hit\n${rows.join('')}` });
    expect(found.historyLengths).toMatchObject({ median: 1, mean: 2, max: 3 });
  });
});

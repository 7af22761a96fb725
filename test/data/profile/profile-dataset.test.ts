// A profile of small logs whose every figure can be counted by hand, and what is said about logs with something wrong.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetDescriptorInput, descriptorSchema } from '../../../src/data/descriptor.js';
import type { DatasetProfile } from '../../../src/data/profile/dataset-profile.js';
import { profileDataset } from '../../../src/data/profile/profile-dataset.js';
import { renderProfile } from '../../../src/data/profile/render.js';
import { UserError } from '../../../src/errors.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-profile-test-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const base = {
  name: 'small',
  licence: 'made up for this test',
  source: { note: 'nowhere' },
  events: { files: 'log.csv' },
  columns: {
    entity: 'who',
    item: 'what',
    timestamp: { column: 'at', unit: 's' },
    label: { kind: 'binary', column: 'hit' },
  },
} satisfies DatasetDescriptorInput;

async function profile(
  files: Readonly<Record<string, string>>,
  changes: Partial<DatasetDescriptorInput> = {},
): Promise<DatasetProfile> {
  const directory = await mkdtemp(join(root, 'log-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const descriptor = descriptorSchema.parse({ ...base, ...changes });
  return profileDataset({ descriptor, dataDirectory: directory, threads: 1, memoryLimitMb: 1024 });
}

const codes = (found: DatasetProfile): string[] =>
  found.suggestions.map(({ level, code }) => `${level} ${code}`);

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

/** 200 rows of 20 members: `cells` gives the last columns of each. */
function longLog(columns: string, cells: (row: number) => string): string {
  const rows = Array.from({ length: 200 }, (_, row) => {
    const hit = (row * 7919) % 3 === 0 ? 1 : 0;
    return `m${row % 20},i${(row * 31) % 17},${1_500_000_000 + row * 60},${hit},${cells(row)}`;
  });
  return `who,what,at,hit,${columns}\n${rows.join('\n')}\n`;
}

const hitOf = (row: number): boolean => (row * 7919) % 3 === 0;

describe('suggestions', () => {
  it('say nothing about a clean log', async () => {
    const log = longLog('surface', (row) => ['feed', 'mail'][(row * 13) % 2]!);
    const found = await profile(
      { 'log.csv': log },
      { features: [{ name: 'surface', side: 'event', kind: 'categorical' }] },
    );
    expect(found.suggestions).toEqual([]);
  });

  it('warn of features that give the label away, name rows or say nothing', async () => {
    const log = longLog('outcome,token,same,empty,amount,fate', (row) =>
      [
        hitOf(row) ? 'bought' : 'left',
        `t${row}`,
        'x',
        '',
        row === 7 ? 90_000 : 10 + (row % 5),
        hitOf(row) ? 1 : 0,
      ].join(','),
    );
    const side = 'event' as const;
    const found = await profile(
      { 'log.csv': log },
      {
        features: [
          { name: 'outcome', side, kind: 'categorical' },
          { name: 'token', side, kind: 'categorical' },
          { name: 'same', side, kind: 'categorical' },
          { name: 'empty', side, kind: 'categorical' },
          { name: 'amount', side, kind: 'numeric' },
        ],
      },
    );
    expect(found.suggestions.map(({ level, code, where }) => `${level} ${code} ${where}`)).toEqual([
      'warning LEAK features.outcome',
      'warning LOOKS_LIKE_ID features.token',
      'warning ALL_MISSING features.empty',
      'hint CONSTANT features.same',
      'hint SKEWED features.amount',
      'hint LEAK events.fate',
    ]);
  });

  it('find times in another unit than declared, both ways', async () => {
    const seconds = longLog('x', () => '1');
    const asMs = await profile(
      { 'log.csv': seconds },
      { columns: { ...base.columns, timestamp: { column: 'at', unit: 'ms' } } },
    );
    expect(asMs.suggestions[0]).toMatchObject({
      code: 'TIME_UNIT',
      text: expect.stringContaining('set "unit: s"'),
    });
    const milliseconds = seconds.replaceAll(/,(15\d{8}),/g, ',$1000,');
    const asSeconds = await profile({ 'log.csv': milliseconds });
    expect(asSeconds.rows).toBe(0);
    expect(asSeconds.suggestions[0]).toMatchObject({
      code: 'TIME_UNIT',
      text: expect.stringContaining('set "unit: ms"'),
    });
  });

  it('count copies, and name labels of one class', async () => {
    const log = longLog('x', () => '1');
    const copied = log + log.slice(log.indexOf('\n') + 1, log.indexOf('\n', 200) + 1);
    const copies = copied.split('\n').length - log.split('\n').length;
    const found = await profile({ 'log.csv': copied });
    expect(found.duplicates).toBe(copies);
    expect(codes(found)).toEqual(['warning DUPLICATE_EVENTS']);
    const clicks = await profile({ 'log.csv': log.replaceAll(/,(15\d{8}),0,/g, ',$1,1,') });
    expect(codes(clicks)).toEqual(['warning LABEL_ONE_CLASS']);
  });

  it('find a side table that fits nothing', async () => {
    const files = { 'log.csv': longLog('x', () => '1'), 'side.csv': 'id,kind\n1,x\n2,y\n' };
    const found = await profile(files, {
      tables: { things: { files: 'side.csv', key: 'id', on: 'item' } },
      features: [{ name: 'kind', side: 'item', kind: 'categorical' }],
    });
    expect(codes(found)).toEqual(['warning TABLE_UNMATCHED']);
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
        'hint     TIME_TIES  columns.timestamp',
        '         66.7 % of the events share their instant with another of the same entity; a cut never separates those.',
        'hint     SHORT_HISTORIES  columns.entity',
        '         Half of the entities have 2 event(s) or fewer: there is little to adapt on. Is this the right entity?',
        'hint     ITEM_LIKE_ID  columns.item',
        '         4 items in 6 events: most are seen once. A coarser item (a group, a category) can be learned.',
      ].join('\n'),
    );
  });
});

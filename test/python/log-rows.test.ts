// Rows of a raw log read by limaml_bundle.py: what this program reads of them, or a refusal by name.
import { describe, expect, it } from 'vitest';
import { loggedDescriptor } from '../../src/prep/descriptor/logged.js';
import { read } from '../serving/read-events-alone.js';
import { csvColumns } from './bundle-tables.js';
import { askPython, python, SKIPPED } from './python.js';

if (python === undefined) console.warn(SKIPPED);

const stars = {
  entity: 'who',
  item: 'what',
  timestamp: { column: 'when', unit: 's' },
  label: { kind: 'threshold', column: 'stars', threshold: 4, range: [1, 5] },
};

interface Case {
  readonly columns?: object;
  readonly rest?: object;
  readonly inputs?: readonly { readonly name: string; readonly kind: 'number' | 'category' | 'categories' }[];
  readonly csv: string;
}

const FEATURES = [
  { name: 'price', side: 'event', kind: 'numeric', column: 'Cost', missing: ['?'], from: 'events' },
  { name: 'area', side: 'event', kind: 'categorical', column: 'zip', prefix: 2, from: 'events' },
  {
    name: 'year',
    side: 'event',
    kind: 'categorical',
    column: 'title',
    pattern: '\\((\\d{4})\\)$',
    from: 'events',
  },
  { name: 'tags', side: 'event', kind: 'multi', separator: ';', max: 2, from: 'events' },
  { name: 'flags', side: 'event', kind: 'multi', flags: ['new', 'hot'], from: 'events' },
  { name: 'hour', side: 'event', kind: 'time', part: 'hour', utcOffsetMinutes: 60 },
  { name: 'weekday', side: 'event', kind: 'time', part: 'weekday' },
  { name: 'slot', side: 'event', kind: 'time', part: 'hour_of_week' },
  { name: 'month', side: 'event', kind: 'time', part: 'month', utcOffsetMinutes: -180 },
];
const INPUTS = FEATURES.map(({ name, kind }) => ({
  name,
  kind:
    kind === 'numeric'
      ? ('number' as const)
      : kind === 'multi'
        ? ('categories' as const)
        : ('category' as const),
}));

const CASES: Readonly<Record<string, Case>> = {
  'stars in seconds': {
    csv: 'who,what,when,stars\n a ,x,1700000000.0005,5\nb,y,1700000001.25,3.5\na,z,17e8,4\n',
  },
  'whole IDs': {
    columns: { ids: 'whole' },
    csv: 'who,what,when,stars\n3.0,+7.,1700000000,5\n-4,07,1700000000,1\n',
  },
  'IDs of two columns': {
    columns: { entity: ['who', 'tab'] },
    csv: 'who,tab,what,when,stars\na|b,c,x,1700000000,5\na,b|c,x,1700000000,5\na\\,b,x,1700000000,5\n',
  },
  milliseconds: {
    columns: { timestamp: { column: 'when', unit: 'ms' } },
    csv: 'who,what,when,stars\na,x,1700000000123.5,5\n',
  },
  microseconds: {
    columns: { timestamp: { column: 'when', unit: 'us' } },
    csv: 'who,what,when,stars\na,x,1700000000123999,5\n',
  },
  nanoseconds: {
    columns: { timestamp: { column: 'when', unit: 'ns' } },
    csv: 'who,what,when,stars\na,x,1700000000123456789,5\n',
  },
  'ISO times': {
    columns: { timestamp: { column: 'when', unit: 'iso' } },
    csv: 'who,what,when,stars\na,x,2023-11-14T22:13:20Z,5\na,y,2023-11-14 22:13:20,5\na,z,2023-11-14T22:13:20.1239+02:00,5\na,w,2023-11-14,1\n',
  },
  'named values': {
    columns: { label: { kind: 'values', column: 'act', positive: ['buy'], negative: ['view'] } },
    csv: 'who,what,when,act\na,x,1700000000,buy\na,y,1700000000,view\n',
  },
  'other values left out, and rows filtered': {
    columns: {
      label: { kind: 'values', column: 'act', positive: ['buy'], negative: ['view'], otherwise: 'drop' },
    },
    rest: {
      events: {
        files: 'log.csv',
        where: [
          { column: 'tab', in: ['home'] },
          { column: 'n', min: 2, max: 5 },
        ],
      },
    },
    csv: 'who,what,when,act,tab,n\na,x,1700000000,buy,home,2\na,y,1700000000,buy,shop,3\na,z,1700000000,hover,home,3\na,w,1700000000,view,home,9\na,v,1700000000,view,home,5\n',
  },
  'ready labels': {
    columns: { label: { kind: 'binary', column: 'act' } },
    csv: 'who,what,when,act\na,x,1700000000,true\na,y,1700000000,0\na,z,1700000000,1.0\n',
  },
  'counts of exposures': {
    columns: { label: { kind: 'counts', positives: 'clicks', total: 'shown' } },
    csv: 'who,what,when,clicks,shown\na,x,1700000000,1,3\nb,y,1700000000,0,0\na,z,1700000001,2,2\n',
  },
  'clicks alone': {
    columns: { label: { kind: 'implicit', negatives: {} } },
    csv: 'who,what,when,label\na,x,1700000000,1\na,y,1700000000,0\n',
  },
  'features of every kind': {
    rest: { features: FEATURES },
    inputs: INPUTS,
    csv: 'who,what,when,stars,Cost,zip,title,tags,new,hot\na,x,1700000000,5,3.5,10115,Heat (1995),b;a;b;c,1,0\na,y,1703980800,1,?,,Heat,,true,1.0\n',
  },
  'the own form of bundles': {
    rest: { features: FEATURES },
    inputs: INPUTS.slice(0, 4),
    csv: 'entity,what,timestamp_ms,label,price,area,year,tags\na,x,1700000000000,1,?,10,1995,a;a;b\na,y,1700000000000,0,,,,\n',
  },
};

const describedBy = ({ columns = {}, rest = {} }: Case): object => ({
  columns: { ...stars, ...columns },
  ...rest,
});

describe.skipIf(python === undefined)('rows of a raw log', () => {
  it('are to limaml_bundle.py what they are to refresh', async () => {
    const found = await askPython(
      Object.values(CASES).map((one) => {
        const inputs = (one.inputs ?? []).map((input) => ({ side: 'event', ...input }));
        const manifest = {
          descriptor: loggedDescriptor(describedBy(one)).logged,
          inputs: { adapt: inputs, score: [] },
          history: null,
        };
        return { op: 'read', manifest, columns: csvColumns(one.csv) };
      }),
    );
    let compared = 0;
    for (const [n, [name, one]] of Object.entries(CASES).entries()) {
      const { values } = await read(describedBy(one), one.csv, { inputs: one.inputs ?? [] });
      const answer = found[n] as { columns?: Record<string, unknown[]> };
      const names = [
        'entity',
        'item',
        'timestamp_ms',
        'label',
        ...(one.inputs ?? []).map((input) => input.name),
      ];
      const columns = names.map((column) => answer.columns?.[column] ?? []);
      const rows = columns[0]!.map((_, row) =>
        columns.map((column) => (column[row] === '' ? null : column[row])),
      );
      const sorted = rows
        .map((row, place) => ({ row, place }))
        .sort((a, b) =>
          String(a.row[0]) < String(b.row[0])
            ? -1
            : String(a.row[0]) > String(b.row[0])
              ? 1
              : a.place - b.place,
        );
      expect([name, answer, sorted.map(({ row }) => row)]).toEqual([name, answer, values]);
      compared += values.length;
    }
    expect(compared).toBe(33);
  });

  it('are refused where they are wrong, and by name where they are not supported', async () => {
    const ask = (columns: object, rest: object, csv: string, inputs: readonly object[] = []) => ({
      op: 'read',
      manifest: {
        descriptor: loggedDescriptor({ columns: { ...stars, ...columns }, ...rest }).logged,
        inputs: { adapt: inputs, score: [] },
        history: null,
      },
      columns: csvColumns(csv),
    });
    const head = 'who,what,when,stars\n';
    const price = { name: 'price', side: 'event', kind: 'numeric', written: { decimal: ',' } };
    const year = { name: 'year', side: 'event', kind: 'categorical', pattern: '(?i)(x)' };
    const answers = await askPython([
      ask({}, {}, `${head},x,1700000000,5\n`),
      ask({}, {}, `${head}a,x,yesterday,5\n`),
      ask({}, {}, `${head}a,x,17000000000000,5\n`),
      ask({}, {}, `${head}a,x,,5\n`),
      ask({}, {}, `${head}a,x,1700000000,6\n`),
      ask({ ids: 'whole' }, {}, `${head}a,3,1700000000,5\n`),
      ask({ timestamp: { column: 'when', unit: 'iso' } }, {}, `${head}a,x,14/11/2023,5\n`),
      ask({}, {}, 'entity,item,timestamp_ms,label\na,x,1700000000,1\n'),
      ask({}, {}, 'who,what,stars\na,x,5\n'),
      ask({ timestamp: { column: 'when', unit: 'format', format: '%y%m%d' } }, {}, `${head}a,x,231114,5\n`),
      ask({}, { features: [price] }, 'who,what,when,stars,price\na,x,1700000000,5,"1"\n', [
        { name: 'price', side: 'event', kind: 'number' },
      ]),
      ask({}, { features: [year] }, 'who,what,when,stars,year\na,x,1700000000,5,X\n', [
        { name: 'year', side: 'event', kind: 'category' },
      ]),
    ]);
    expect(answers.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 8 }, () => 'ROWS_BAD_VALUE'),
      'EVENTS_COLUMN_MISSING',
      'TIME_UNSUPPORTED',
      'NUMBER_UNSUPPORTED',
      'PATTERN_UNSUPPORTED',
    ]);
  });
});

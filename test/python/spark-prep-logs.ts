// Logs that limaml prep and spark/prep.py both prepare: made-up data, a log like MovieLens-100K, and one with all that is supported.
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadDescriptor } from '../../src/config/load-descriptor.js';
import { findSources } from '../../src/prep/sources/find-sources.js';
import { generateRaw } from '../../src/prep/sources/generate-raw.js';
import { silent } from '../../src/progress.js';
import { randomStream } from '../../src/random.js';
import { ROOT } from '../cli/run-limaml.js';

/** The shipped descriptor of made-up data, with fewer rows. */
export async function synthetic(): Promise<string> {
  const text = await readFile(join(ROOT, 'datasets/synthetic.yaml'), 'utf8');
  return text.replace('options: {}', 'options: { members: 40, items: 30, events: 600 }');
}

/** Its raw files, in `<data>/synthetic`. */
export async function syntheticFiles(descriptor: string, data: string): Promise<void> {
  await mkdir(data);
  const loaded = await loadDescriptor({ dataset: descriptor, cwd: dirname(descriptor), set: [] });
  const raw = await generateRaw(await findSources(loaded.descriptor, data), data, silent);
  await rename(raw, join(data, 'synthetic'));
}

type Files = readonly (readonly [name: string, content: string | Uint8Array])[];

/** Files as GroupLens publishes them: tabs, bars, Latin-1, no header, quotes that are ordinary text, many ratings at one time. */
export function movielensFiles(): Files {
  const draw = randomStream(1, 'films');
  const whole = (below: number): number => Math.floor(draw.uniform() * below);
  const ratings = Array.from({ length: 500 }, () =>
    [1 + whole(25), 1 + whole(40), 1 + whole(5), 880_000_000 + 600 * whole(3000)].join('\t'),
  );
  const users = Array.from(
    { length: 25 },
    (_, n) =>
      `${n + 1}|${n === 3 ? '' : 18 + whole(40)}|${'MF'[n % 2]}|${['artist', 'doctor', 'none'][whole(3)]}|${n % 7 ? 10000 + whole(80000) : 'V3N4P'}`,
  );
  const films = Array.from({ length: 40 }, (_, n) =>
    [
      n + 1,
      `Caf\u00e9 "${n}" (19${60 + whole(39)})`,
      n === 5 ? '' : `01-Jan-19${60 + whole(39)}`,
      '',
      'http://x',
      ...Array.from({ length: 19 }, () => Number(draw.uniform() < 0.15)),
    ].join('|'),
  );
  const lines = (rows: readonly string[]): Uint8Array => Buffer.from(`${rows.join('\n')}\n`, 'latin1');
  return [
    ['ml-100k/u.data', lines(ratings)],
    ['ml-100k/u.user', lines(users)],
    ['ml-100k/u.item', lines(films)],
  ];
}

export const RICH = `name: rich
events: { files: [log-b.csv, "log-a*.csv"], delimiter: ";", missing: ["", NA], where: [{ column: kind, notIn: [test] }, { column: stars, max: 9 }] }
tables:
  shops: { files: shops.csv, key: Shop, on: shop, duplicates: last }
  things: { files: things.csv, key: id, on: item }
columns:
  entity: [site, who]
  item: thing
  timestamp: { column: at, unit: iso }
  label: { kind: values, column: verdict, positive: [yes], negative: [no], otherwise: drop }
duplicates: drop
features:
  - { name: first_kind, side: entity, kind: categorical, from: events, column: kind }
  - { name: colour, side: item, kind: categorical, minCount: 2 }
  - { name: size, side: item, kind: numeric, log: true, missing: ["-"] }
  - { name: kind, side: event, kind: categorical }
  - { name: tags, side: event, kind: multi, separator: "+", max: 2 }
  - { name: stars, side: event, kind: numeric, buckets: 4 }
  - { name: far, side: event, kind: numeric }
  - { name: raw_stars, column: stars, side: event, kind: numeric, standardise: false }
  - { name: code, column: shop, side: event, kind: categorical, pattern: "^s(\\\\d+)", prefix: 1 }
  - { name: town, side: event, from: shops, kind: categorical }
  - { name: hour, kind: time, part: hour_of_week, utcOffsetMinutes: -90 }
  - { name: month, kind: time, part: month }
split: { kind: global-time, test: 0.2, valid: 0.15, purgeMinutes: 90 }
`;

/** IDs with bars and backslashes, white space, missing words, copies, equal times, quotes, numbers of several kinds. */
export function richFiles(): Files {
  const draw = randomStream(2, 'rich');
  const pick = <T>(values: readonly T[]): T => values[Math.floor(draw.uniform() * values.length)]!;
  const row = (): string =>
    [
      pick(['a', 'b|c', 'd\\']),
      pick(['1', ' 2', '10', '"x;y"', '7.5', '']).replace(/^$/, '3'),
      pick(['t1', 't2', 't10', 'T1', '\u00e9', '1e1', '9', '2.4', '2.6', '-3']),
      new Date(1_700_000_000_000 + 3_600_000 * Math.floor(draw.uniform() * 400))
        .toISOString()
        .slice(0, 19)
        .replace('T', pick(['T', ' '])) + pick(['', 'Z']),
      pick(['yes', 'no', 'no', 'maybe']),
      pick(['web', 'app', ' app ', 'NA', '', 'test']),
      pick(['x+y', 'y + x+x', '+', 'NA', 'z+y+x', 'z']),
      pick(['1', '2.5', '1e0', '-4', '', '3', '11']),
      pick(['1000000000.25', '1000000000.5', '1000000001']),
      pick(['s12', 's7', 'q1', '']),
    ].join(';');
  const header = 'site;who;thing;at;verdict;kind;tags;stars;far;shop';
  const rows = Array.from({ length: 500 }, row);
  const file = (from: number, to: number, more: readonly string[] = []): string =>
    `${[header, ...rows.slice(from, to), ...more].join('\n')}\n`;
  return [
    ['rich/log-a2.csv', file(0, 150, rows.slice(20, 60))],
    ['rich/log-a10.csv', file(150, 300)],
    ['rich/log-b.csv', file(300, 500)],
    ['broken/log-a1.csv', `${header}\n${rows[0]}\na;b\n`],
    ['broken/log-b.csv', file(0, 5)],
    ['rich/shops.csv', 'Shop,town\ns12,Ulm\ns7,\u00c4l\ns12," Bonn "\n'],
    ['rich/things.csv', 'id,colour,size\nt1,red,3\nt2,red,-\nt10,blue,0.5\nT1,green,-2\n9,,7\n'],
  ];
}

/** What spark/prep.py does not do: keys of a part of the rich log's descriptor, and what is said of it. */
export const REFUSED: readonly (readonly [name: string, part: string, keys: object, what: RegExp])[] = [
  ['split', 'split', { kind: 'entity-holdout' }, /SPARK_UNSUPPORTED {2}split\.kind.*"entity-holdout"/],
  ['implicit', 'columns', { label: { kind: 'implicit' } }, /SPARK_UNSUPPORTED {2}columns\.label/],
  [
    'no-clock',
    'columns',
    { timestamp: { sourceOrder: true } },
    /SPARK_UNSUPPORTED {2}columns\.timestamp.*order/,
  ],
  [
    'strptime',
    'columns',
    { timestamp: { column: 'at', unit: 'format', format: '%Y' } },
    /SPARK_UNSUPPORTED {2}columns\.timestamp.*strptime/,
  ],
  ['jsonl', 'events', { format: 'jsonl' }, /SPARK_UNSUPPORTED {2}events\.format/],
  ['comment', 'events', { comment: '#' }, /SPARK_UNSUPPORTED {2}events:/],
  ['encoding', 'events', { encoding: 'shift_jis' }, /SPARK_UNSUPPORTED {2}events\.encoding/],
  ['empty-text', 'events', { missing: ['NA'] }, /SPARK_UNSUPPORTED {2}events\.missing/],
  ['history', 'features.3', { kind: 'history' }, /SPARK_UNSUPPORTED {2}features\.kind/],
  ['written', 'features.2', { written: {} }, /SPARK_UNSUPPORTED {2}features\.size.*people write/],
  ['pattern', 'features.8', { pattern: '(?i)(x)' }, /SPARK_UNSUPPORTED {2}features\.code/],
  ['no-column', 'columns', { item: 'gone' }, /DATA_MISSING_COLUMN {2}events.*"gone"/],
  [
    'bad-rows',
    'columns',
    { label: { kind: 'values', column: 'verdict', positive: ['yes'], negative: ['no'], otherwise: 'error' } },
    /DATA_BAD_ROWS {2}events.*"verdict" is not one of the declared label values; the first is 'maybe'/,
  ],
];

/** A copy of a descriptor in which a part has other keys. */
export function changed(descriptor: object, part: string, keys: object): object {
  const copy = structuredClone(descriptor) as Record<string, unknown>;
  const [name, place] = part.split('.') as [string, string?];
  const found = place === undefined ? copy[name] : (copy[name] as readonly object[])[Number(place)];
  Object.assign(found as object, keys);
  return copy;
}

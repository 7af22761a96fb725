// Which files the fast reader takes: it must not give up in silence what it can read, nor take what it reads otherwise.
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCarefully } from '../../src/prep/load/load-carefully.js';
import { allEvents, type Folder, plain, prep, type RawDescriptor, temporaryFolder } from './prep-harness.js';

vi.mock('../../src/prep/load/load-carefully.js', async (original) => {
  const real = await original<typeof import('../../src/prep/load/load-carefully.js')>();
  return { ...real, loadCarefully: vi.fn(real.loadCarefully) };
});

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
  vi.mocked(loadCarefully).mockClear();
});
afterEach(() => folder.remove());

const HEADER = ['user', 'item', 'time', 'label'];
const ROWS = [
  ['ann', 'x, y', '1', '1'],
  ['bob', 'a "b" c', '2', '0'],
  ['ann', 'plain', '3', '0'],
];
const quotes = (before: string) => (field: string) => `"${field.replaceAll('"', `${before}"`)}"`;
const lines = (field: (text: string) => string, delimiter = ',') =>
  [HEADER, ...ROWS].map((row) => row.map(field).join(delimiter));

type Events = Partial<NonNullable<RawDescriptor['events']>>;

/** Files of the log that were read carefully, and whether all of its rows came out. */
async function carefully(
  content: string | Uint8Array,
  { files = 'events.csv', ...events }: Events = {},
): Promise<number> {
  await folder.write(String(files), content);
  const { dataset } = await prep(folder, plain({ events: { ...events, files } }));
  expect((await allEvents(dataset)).map(({ entity, item }) => `${entity} ${item}`).sort()).toEqual(
    ROWS.map(([user, item]) => `${user} ${item}`).sort(),
  );
  return vi.mocked(loadCarefully).mock.calls.length;
}

const doubled = lines(quotes('"'));
const json = ROWS.map(([user, item, time, label]) =>
  JSON.stringify({ user, item, time: Number(time), label: Number(label) }),
);

describe('read fast:', () => {
  it.each<[string, string | Uint8Array, Events]>([
    ['quotes doubled', `${doubled.join('\n')}\n`, {}],
    ['lines that end in CR LF', `${doubled.join('\r\n')}\r\n`, {}],
    ['no line end at the end', doubled.join('\n'), {}],
    ['a byte order mark', `\ufeff${doubled.join('\n')}\n`, {}],
    ['a backslash before a quote', `${lines(quotes('\\')).join('\n')}\n`, { escape: '\\' }],
    ['tabs', `${lines(quotes('"'), '\t').join('\n')}\n`, { delimiter: '\t' }],
    ['no quotes at all', `${lines((x) => x, '::').join('\n')}\n`, { delimiter: '::', quote: 'none' }],
    ['gzip', gzipSync(`${doubled.join('\n')}\n`), { files: 'events.csv.gz' }],
    ['JSON lines', `${json.join('\n')}\n`, { files: 'events.jsonl', format: 'jsonl' }],
  ])('%s', async (_, content, events) => {
    expect(await carefully(content, events)).toBe(0);
  });
});

it('line ends of two kinds are read carefully', async () => {
  expect(await carefully(`${doubled[0]}\r\n${doubled.slice(1).join('\n')}\n`)).toBe(1);
});

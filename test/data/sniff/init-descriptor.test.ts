// `limaml init`: on the sample of every layout we know, and on files with traps.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../../src/data/prepare.js';
import { type InitResult, initDescriptor } from '../../../src/data/sniff/init-descriptor.js';
import { generateSynthetic } from '../../../src/data/synthetic/generate.js';
import { writeSynthetic } from '../../../src/data/synthetic/write.js';
import { UserError } from '../../../src/errors.js';

const SAMPLES = resolve(dirname(fileURLToPath(import.meta.url)), '../../../datasets/samples');
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-sniff-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const guessed = (result: InitResult): Record<string, string | null> =>
  Object.fromEntries(
    ['entity', 'item', 'timestamp', 'label'].map((what) => [
      what,
      result.guesses.find((guess) => guess.what === what)?.value ?? null,
    ]),
  );

interface Wanted {
  readonly sample: string;
  readonly file: string;
  readonly columns: readonly [entity: string, item: string, timestamp: string | null, label: string | null];
  readonly unit?: string;
  readonly kind: string;
}

/** Every layout, except where nothing in the file says what its columns are (see below). */
const wanted: readonly Wanted[] = [
  {
    sample: 'synthetic',
    file: 'events-0000.csv',
    columns: ['entity', 'item', 'timestamp', 'label'],
    unit: 'ms',
    kind: 'binary',
  },
  {
    sample: 'movielens-100k',
    file: 'u.data',
    columns: ['column_1', 'column_2', 'column_4', 'column_3'],
    unit: 's',
    kind: 'threshold',
  },
  {
    sample: 'movielens-100k-inter',
    file: 'ml-100k.inter',
    columns: ['user_id:token', 'item_id:token', 'timestamp:float', 'rating:float'],
    unit: 's',
    kind: 'threshold',
  },
  {
    sample: 'movielens-1m',
    file: 'ratings.dat',
    columns: ['column_1', 'column_2', 'column_4', 'column_3'],
    unit: 's',
    kind: 'threshold',
  },
  {
    sample: 'movielens-1m-collm',
    file: 'train.csv',
    columns: ['uid', 'iid', 'timestamp', 'label'],
    unit: 's',
    kind: 'binary',
  },
  {
    sample: 'movielens-latest-small',
    file: 'ratings.csv',
    columns: ['userId', 'movieId', 'timestamp', 'rating'],
    unit: 's',
    kind: 'threshold',
  },
  {
    sample: 'movietweetings',
    file: 'ratings.dat',
    columns: ['column_1', 'column_2', 'column_4', 'column_3'],
    unit: 's',
    kind: 'threshold',
  },
  {
    sample: 'kuairand-pure',
    file: 'log_standard_4_25_to_5_08_pure.csv',
    columns: ['user_id', 'video_id', 'time_ms', 'is_click'],
    unit: 'ms',
    kind: 'binary',
  },
  {
    sample: 'taobao-ad',
    file: 'raw_sample.csv',
    columns: ['user', 'adgroup_id', 'time_stamp', 'clk'],
    unit: 's',
    kind: 'binary',
  },
  {
    sample: 'criteo-attribution',
    file: 'criteo_attribution_dataset.tsv.gz',
    columns: ['uid', 'campaign', 'timestamp', 'click'],
    unit: 's',
    kind: 'binary',
  },
  {
    sample: 'amazon-reviews',
    file: 'reviews/Sample_Goods.jsonl.gz',
    columns: ['user_id', 'parent_asin', 'timestamp', 'rating'],
    unit: 'ms',
    kind: 'threshold',
  },
  {
    sample: 'amazon-reviews-2018',
    file: 'reviews-2018/Sample_Goods.json',
    columns: ['reviewerID', 'asin', 'unixReviewTime', 'overall'],
    unit: 's',
    kind: 'threshold',
  },
  {
    sample: 'book-crossing',
    file: 'BX-Book-Ratings.csv',
    columns: ['User-ID', 'ISBN', null, 'Book-Rating'],
    kind: 'threshold',
  },
  { sample: 'frappe', file: 'frappe.csv', columns: ['user', 'item', null, null], kind: 'implicit' },
  // The member is two columns and the ad has no speaking name: a person must say so. Time and label are found.
  {
    sample: 'avazu',
    file: 'train.gz',
    columns: ['device_ip', 'app_id', 'hour', 'click'],
    unit: 'format',
    kind: 'binary',
  },
  // Forty and twelve columns without names: only the click in front can be told.
  {
    sample: 'criteo',
    file: 'dac_sample.txt',
    columns: ['column_6', 'column_10', null, 'column_1'],
    kind: 'binary',
  },
  {
    sample: 'kddcup2012-track2',
    file: 'training.txt',
    columns: ['column_3', 'column_4', null, 'column_1'],
    kind: 'binary',
  },
];

describe('the samples', () => {
  it('are all looked at', () => expect(wanted).toHaveLength(17));

  it.each(wanted)('$sample: $file', async ({ sample, file, columns, unit, kind }) => {
    const result = await initDescriptor({
      file: join(SAMPLES, sample, file),
      directory: join(root, sample),
      cwd: root,
    });
    const [entity, item, timestamp, label] = columns;
    expect(guessed(result)).toEqual({ entity, item, timestamp, label });
    const { columns: found } = result.descriptor;
    expect(found?.label.kind).toBe(kind);
    expect(found !== undefined && 'unit' in found.timestamp ? found.timestamp.unit : undefined).toBe(unit);
    // Every guess comes with its reason, and no outcome of the event became a feature.
    for (const guess of result.guesses) expect(guess.reason.length).toBeGreaterThan(5);
    const features = result.descriptor.features.map((feature) =>
      'column' in feature ? (feature.column ?? feature.name) : '',
    );
    for (const outcome of [
      'nonclk',
      'play_time_ms',
      'is_like',
      'long_view',
      'conversion',
      'cost',
      'click_pos',
      'cnt',
      'helpful_vote',
    ])
      expect(features).not.toContain(outcome);
  });
});

describe('what is written', () => {
  it('preps as it stands', async () => {
    const cwd = join(root, 'project');
    await mkdir(join(cwd, 'logs'), { recursive: true });
    const { world } = generateSynthetic({ members: 30, items: 20, events: 400 }, 2);
    const [, , events] = await writeSynthetic(join(cwd, 'logs'), world);
    await copyFile(events!, join(cwd, 'logs', 'My Clicks (2).csv'));
    const result = await initDescriptor({ file: 'logs/My Clicks (2).csv', directory: 'datasets', cwd });
    expect(result.path).toBe(join(cwd, 'datasets', 'my-clicks-2.yaml'));
    expect(result.descriptor).toMatchObject({
      name: 'my-clicks-2',
      data: 'logs',
      events: { files: 'My Clicks (2).csv' },
    });
    const prepared = await prepare({
      descriptor: result.descriptor,
      dataDirectory: join(cwd, 'logs'),
      outDirectory: join(cwd, 'prepared'),
      threads: 1,
    });
    expect(prepared.rows).toBe(400);
    const text = await readFile(result.path, 'utf8');
    expect(text).toContain('# limaml prep my-clicks-2 --dry-run');
    expect(text).toContain('licence: unknown # TODO');
    // The place is a feature of the event; the truth, a probability, is one only as far as the sniffer can tell.
    expect(text).toContain('- { name: surface, side: event, kind: categorical }');
  });

  it('finds the owner of a column by its values', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const [user, item] = [row % 6, row % 7];
      return `u${user},i${item},2024-01-${String(1 + Math.floor(row / 3)).padStart(2, '0')}T10:00:00Z,${row % 2},${user % 3},${item % 4},${row % 5},a|b${row % 5},${row * 1.5}`;
    });
    const file = join(root, 'owners.csv');
    await writeFile(
      file,
      `user_id,item_id,when_time,click,plan,shelf,slot,tags,weight\n${rows.join('\n')}\n`,
    );
    const { descriptor } = await initDescriptor({ file, directory: root, cwd: root });
    expect(descriptor.columns?.timestamp).toEqual({ column: 'when_time', unit: 'iso' });
    expect(descriptor.features.map((feature) => [feature.name, feature.side, feature.kind])).toEqual([
      ['plan', 'entity', 'categorical'],
      ['shelf', 'item', 'categorical'],
      ['slot', 'event', 'categorical'],
      ['tags', 'event', 'multi'],
      ['weight', 'event', 'numeric'],
    ]);
  });

  it('refuses to overwrite', async () => {
    const file = join(root, 'twice.csv');
    await writeFile(file, 'user,item,time,click\na,b,1700000000,1\na,c,1700000001,0\n');
    const first = await initDescriptor({ file, directory: root, cwd: root });
    await writeFile(first.path, 'mine');
    const again = initDescriptor({ file, directory: root, cwd: root });
    await expect(again).rejects.toMatchObject({ code: 'DATASET_EXISTS' });
    expect(await readFile(first.path, 'utf8')).toBe('mine');
    const named = await initDescriptor({ file, directory: root, cwd: root, name: 'thrice' });
    expect(named.path).toBe(join(root, 'thrice.yaml'));
  });
});

describe('traps', () => {
  const sniff = async (name: string, content: string | Buffer): Promise<InitResult> => {
    const file = join(root, name);
    await writeFile(file, content);
    return initDescriptor({ file, directory: join(root, 'traps'), cwd: root });
  };
  const guess = (result: InitResult, what: string) => result.guesses.find((one) => one.what === what)?.value;

  it('semicolons with quoted semicolons, a byte-order mark and CRLF', async () => {
    const rows = ['"x; y"', '"z"', '"x; y"'].map(
      (cell, row) => `u${row % 2};i${row};170000000${row};${row % 2};${cell}`,
    );
    const result = await sniff(
      'trap-semicolon.csv',
      `\ufeffuser;item;time;click;note\r\n${rows.join('\r\n')}\r\n`,
    );
    expect(result.descriptor.events).toMatchObject({ delimiter: ';', quote: '"', header: true });
    expect(guessed(result)).toEqual({ entity: 'user', item: 'item', timestamp: 'time', label: 'click' });
  });

  it('Latin-1, packed', async () => {
    const text =
      'user\titem\ttime\tclick\tplace\nana\tb\t1700000000\t1\tSão Paulo\nbob\tb\t1700000100\t0\tMálaga\n';
    const result = await sniff('trap-latin.tsv.gz', gzipSync(Buffer.from(text, 'latin1')));
    expect(guess(result, 'encoding')).toBe('latin-1');
    expect(result.descriptor.events).toMatchObject({ delimiter: '\t', encoding: 'latin-1' });
    expect(result.descriptor.name).toBe('trap-latin');
  });

  it('stray quotes are ordinary text', async () => {
    const rows = ['5" screen', 'plain', '7" screen'].map(
      (cell, row) => `u${row % 2}|i${row}|170000000${row}|${row % 2}|${cell}`,
    );
    const result = await sniff('trap-quotes.txt', `user|item|time|click|note\n${rows.join('\n')}\n`);
    expect(result.descriptor.events).toMatchObject({ delimiter: '|', quote: 'none' });
  });

  it('labels of -1 and 1, and times in microseconds', async () => {
    const rows = Array.from(
      { length: 8 },
      (_, row) => `c${row % 3},p${row % 4},${1_700_000_000_000_000 + row},${row % 2 ? 1 : -1}`,
    );
    const { columns } = (await sniff('trap-signs.csv', `customer,product,ts,label\n${rows.join('\n')}\n`))
      .descriptor;
    expect(columns?.timestamp).toEqual({ column: 'ts', unit: 'us' });
    expect(columns?.label).toMatchObject({ kind: 'values', positive: ['1'], negative: ['-1'] });
  });

  it('names that YAML would read as something else', async () => {
    const rows = Array.from(
      { length: 6 },
      (_, row) => `u${row % 2},i${row % 3},170000000${row},${row % 2},${row % 4 < 2 ? 'p' : 'q'},${row % 3}`,
    );
    const { features } = (
      await sniff('trap-names.csv', `user,item,time,click,null,Größe: x\n${rows.join('\n')}\n`)
    ).descriptor;
    expect(features.map((feature) => [feature.name, 'column' in feature ? feature.column : ''])).toEqual([
      ['null', ''],
      ['groe_x', 'Größe: x'],
    ]);
  });

  it.each([
    ['nothing.csv', '', 'SNIFF_FILE_EMPTY'],
    ['one-column.csv', 'a\nb\nc\n', 'SNIFF_NO_TABLE'],
    [
      'prose.txt',
      'It was a dark night.\nThe rain fell, and fell, and fell.\nNobody came.\n',
      'SNIFF_NO_TABLE',
    ],
  ])('%s is refused', async (name, content, code) => {
    await expect(sniff(name, content)).rejects.toMatchObject({ code });
  });

  it('any bytes give a valid descriptor or a UserError, nothing else', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.integer().map(String),
      fc.constant(''),
    );
    const text = fc
      .array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
      .chain((rows) =>
        fc.constantFrom(',', '\t', ';', '::').map((by) => rows.map((row) => row.join(by)).join('\n')),
      );
    const content = fc.oneof(
      text.map((value) => Buffer.from(value)),
      fc.uint8Array({ maxLength: 200 }).map(Buffer.from),
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const outcome = await sniff(`fuzz-${number++}.csv`, bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
      }),
      { numRuns: 80 },
    );
  });

  it('a missing file is named', async () => {
    const missing = initDescriptor({ file: 'no-such.csv', directory: root, cwd: root });
    await expect(missing).rejects.toBeInstanceOf(UserError);
    await expect(missing).rejects.toMatchObject({ code: 'SNIFF_FILE_MISSING' });
  });
});

// Every descriptor against a tiny invented log in its layout: prepared end to end, and counted by another program
// (test/fixtures/make/dataset_samples.py). Where LIMAML_DATA holds the real log, that one is prepared as well.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDescriptor } from '../../src/config/load-descriptor.js';
import type { DatasetDescriptor } from '../../src/data/descriptor.js';
import { openPrepared } from '../../src/data/open-prepared.js';
import { type PrepareResult, prepare } from '../../src/data/prepare.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SAMPLES = join(ROOT, 'datasets/samples');

interface Expected {
  readonly rows: number;
  readonly entities: number;
  readonly items: number;
  readonly clicks: number;
}

const expected = JSON.parse(
  readFileSync(join(ROOT, 'test/fixtures/datasets/samples.json'), 'utf8'),
) as Record<string, Expected>;

/** Features in the order they are prepared: members', items', events'. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  'amazon-reviews': [
    'main_category',
    'categories',
    'store',
    'price',
    'member_events',
    'member_rate',
    'product_rate',
  ],
  'amazon-reviews-2018': ['categories', 'brand', 'price', 'member_events', 'member_rate', 'product_rate'],
  avazu: [
    ...[
      'device_model',
      'c15',
      'c16',
      'c17',
      'device_type',
      'connection',
      'banner_position',
      'site',
      'site_domain',
    ],
    ...[
      'site_category',
      'app',
      'app_domain',
      'app_category',
      'c1',
      'c18',
      'c19',
      'c20',
      'c21',
      'hour_of_day',
    ],
  ],
  'book-crossing': ['age', 'country', 'author', 'publisher', 'year'],
  criteo: [
    ...Array.from({ length: 13 }, (_, index) => `i${index + 1}`),
    ...[1, 2, 5, 6, 8, 9, 14, 17, 20, 22, 23, 25].map((index) => `c${index}`),
  ],
  'criteo-attribution': [
    ...Array.from({ length: 9 }, (_, index) => `cat${index + 1}`),
    ...['since_last_click', 'member_events'],
  ],
  frappe: [
    ...['cost', 'category', 'downloads', 'language'],
    ...['daytime', 'weekday', 'weekend', 'place', 'weather', 'country', 'city'],
  ],
  'kddcup2012-track2': [
    'gender',
    'age',
    'advertiser',
    'url',
    'depth',
    'position',
    'keyword',
    'title_words',
    'query_words',
  ],
  'kuairand-pure': [
    ...['tab', 'hour', 'past_events', 'past_click_rate', 'upload_age'],
    ...[
      'active_degree',
      'low_active',
      'live_streamer',
      'video_author',
      'follows',
      'fans',
      'friends',
      'registered',
    ],
    ...Array.from({ length: 18 }, (_, index) => `onehot${index}`),
    ...['author', 'video_type', 'upload_type', 'music_type', 'tags', 'duration'],
  ],
  'movielens-100k': ['age', 'gender', 'occupation', 'zip', 'genres', 'year'],
  'movielens-100k-inter': ['age', 'gender', 'occupation', 'zip', 'genres', 'year'],
  'movielens-1m': ['age', 'gender', 'occupation', 'zip', 'genres', 'year'],
  'movielens-1m-collm': ['gender', 'age', 'occupation', 'zip_area', 'genres', 'year'],
  'movielens-latest-small': ['genres', 'year', 'member_events', 'member_rate', 'movie_rate'],
  movietweetings: ['genres', 'year', 'member_events', 'member_rate', 'movie_rate', 'weekday'],
  synthetic: [
    ...[
      'age',
      'region',
      'plan',
      'device',
      'categories',
      'format',
      'minutes',
      'difficulty',
      'humour',
      'novelty',
    ],
    ...['surface', 'position'],
  ],
  'taobao-ad': [
    ...[
      'micro_group',
      'group',
      'gender',
      'age_level',
      'spending_level',
      'shopping_level',
      'student',
      'city_level',
    ],
    ...['category', 'campaign', 'customer', 'brand', 'price', 'placement', 'hour'],
  ],
};

const descriptorNames = readdirSync(join(ROOT, 'datasets'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

/** The data set a sample folder belongs to: its own name, less the name of one of the layouts. */
const datasetOf = (sample: string): string =>
  descriptorNames.includes(sample) ? sample : sample.slice(0, sample.lastIndexOf('-'));

let out = '';
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'limaml-samples-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

async function load(name: string): Promise<DatasetDescriptor> {
  return (await loadDescriptor({ dataset: join(ROOT, 'datasets', `${name}.yaml`), cwd: ROOT })).descriptor;
}

function clicks(result: PrepareResult): number {
  return Object.values(result.splits).reduce(
    (sum, split) => sum + Math.round(split.rows * split.labelRate),
    0,
  );
}

describe('descriptors', () => {
  it('are the fourteen we ship, each with its licence and a place to get the data', async () => {
    expect(descriptorNames).toHaveLength(14);
    for (const name of descriptorNames) {
      const descriptor = await load(name);
      expect(descriptor.name).toBe(name);
      expect(descriptor.title).toBeTruthy();
      expect(descriptor.licence.length).toBeGreaterThan(8);
      expect(descriptor.source.url ?? descriptor.source.note).toBeTruthy();
      if (descriptor.generated === undefined) expect(descriptor.data).toBeTruthy();
    }
  });

  it('each have a sample, and so has each layout', async () => {
    const samples = readdirSync(SAMPLES);
    expect(samples).toHaveLength(17);
    expect(new Set(samples.map(datasetOf))).toEqual(new Set(descriptorNames));
    let layouts = 0;
    for (const name of descriptorNames) layouts += (await load(name)).layouts?.length ?? 1;
    expect(layouts).toBe(samples.length);
  });
});

describe('samples', () => {
  const samples = readdirSync(SAMPLES);

  it.each(samples)('%s is prepared end to end', async (sample) => {
    const { generated: _, ...descriptor } = await load(datasetOf(sample));
    const result = await prepare({
      descriptor,
      dataDirectory: join(SAMPLES, sample),
      outDirectory: join(out, sample),
      threads: 1,
    });
    const { rows, entities, items, clicks: clicked } = expected[sample] ?? counted(sample);
    if (descriptor.columns?.label.kind === 'implicit') {
      // Positives as counted; the sampled negatives come on top.
      expect(clicks(result)).toBe(clicked);
      expect(result.rows).toBeGreaterThan(2 * rows);
      expect(result.rows).toBeLessThanOrEqual(3 * rows);
    } else {
      expect(result.rows).toBe(rows);
      expect(clicks(result)).toBe(clicked);
    }
    expect([result.entities, result.items]).toEqual([entities, items]);
    const { train, valid, test } = result.splits;
    for (const split of [train, valid, test]) expect(split.rows).toBeGreaterThan(0);

    const opened = await openPrepared(result.path);
    expect(opened.manifest.features.map((feature) => feature.name).sort()).toEqual(
      [...FEATURES[sample]!].sort(),
    );
    const shard = await opened.shard(0);
    expect(shard.rows).toBe(result.rows);
  });

  /** The generator wrote its own sample, one event a row and no surprises: counted from the file. */
  function counted(sample: string): Expected {
    const [header, ...lines] = readFileSync(join(SAMPLES, sample, 'events-0000.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(header).toBe('entity,item,timestamp,label,truth,surface,position');
    const cells = lines.map((line) => line.split(','));
    return {
      rows: cells.length,
      entities: new Set(cells.map((row) => row[0])).size,
      items: new Set(cells.map((row) => row[1])).size,
      clicks: cells.filter((row) => row[3] === '1').length,
    };
  }
});

describe('real logs', () => {
  const data = process.env['LIMAML_DATA'];
  // Rows without duplicates were counted with pandas (duplicated by entity, item, time and label).
  const real = [
    {
      dataset: 'movielens-100k',
      folder: 'ml-100k',
      rows: 100_000,
      entities: 943,
      items: 1682,
      clicks: 55_375,
    },
    {
      dataset: 'movielens-1m',
      folder: 'ml-1m-sample',
      rows: 100_000,
      entities: undefined,
      items: undefined,
      clicks: undefined,
    },
    {
      dataset: 'movielens-1m',
      folder: 'ml-1m-half',
      rows: 487_650,
      entities: 2999,
      items: undefined,
      clicks: undefined,
    },
    {
      dataset: 'movielens-1m-collm',
      folder: 'ml-1m-collm',
      rows: 33_891 + 10_401 + 7331,
      entities: 838,
      items: 3255,
      clicks: undefined,
    },
    {
      dataset: 'kuairand-pure',
      folder: 'kuairand-pure',
      rows: 228_329 - 5884,
      entities: 25_156,
      items: undefined,
      clicks: undefined,
    },
    { dataset: 'frappe', folder: 'frappe-raw', rows: undefined, entities: 957, items: 4082, clicks: 96_203 },
  ];

  for (const { dataset, folder, ...wanted } of real) {
    const there = data !== undefined && existsSync(join(data, folder));
    const why = there ? '' : ` (skipped: LIMAML_DATA holds no folder ${folder})`;
    it.skipIf(!there)(`${dataset} from ${folder}${why}`, async () => {
      const result = await prepare({
        descriptor: await load(dataset),
        dataDirectory: join(data ?? '', folder),
        outDirectory: join(out, folder),
        threads: 2,
      });
      const found = {
        rows: result.rows,
        entities: result.entities,
        items: result.items,
        clicks: clicks(result),
      };
      for (const [name, value] of Object.entries(wanted))
        if (value !== undefined) expect([name, found[name as keyof typeof found]]).toEqual([name, value]);
      expect(found.clicks).toBeGreaterThan(0.1 * found.rows);
    });
  }
});

// `limaml init` on the sample of every layout we know.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initDescriptor } from '../../../src/onboard/sniff/init-descriptor.js';
import { guessed } from './guessed.js';

const SAMPLES = resolve(dirname(fileURLToPath(import.meta.url)), '../../../datasets/samples');
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-sniff-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Wanted {
  readonly sample: string;
  readonly file: string;
  readonly columns: readonly [
    entity: string | null,
    item: string | null,
    timestamp: string | null,
    label: string | null,
  ];
  readonly unit?: string;
  /** undefined where a role is left to a person: the descriptor has no columns before it is settled. */
  readonly kind: string | undefined;
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
    kind: undefined,
  },
  { sample: 'frappe', file: 'frappe.csv', columns: ['user', 'item', null, null], kind: undefined },
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
    columns: [null, null, null, 'column_1'],
    kind: undefined,
  },
  {
    sample: 'kddcup2012-track2',
    file: 'training.txt',
    columns: [null, null, null, 'column_1'],
    kind: undefined,
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
    expect(result.unsettled.length > 0).toBe(columns.includes(null));
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

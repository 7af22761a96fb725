// A log of eight days with history features, prepared up to the seventh and whole, and a bundle of the former.
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { exportBundle } from '../../src/export/export-bundle.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { SPLIT } from '../../src/prepared/format.js';
import { silent } from '../../src/progress.js';
import { randomStream } from '../../src/random.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { type Refreshed, refreshBundle } from '../../src/serving/refresh-bundle.js';
import { type ScoredCount, scoreRows } from '../../src/serving/score-rows.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, type RawDescriptor } from '../prep/prep-harness.js';

const DAY = 86_400;
const START = 1_600_000_000 - (1_600_000_000 % DAY);
/** The last day is the test day. */
const DAYS = 8;
export const TEST_DAY_MS = (START + (DAYS - 1) * DAY) * 1000;

const history = (name: string, rest: object) =>
  ({ name, kind: 'history', standardise: true, ...rest }) as NonNullable<RawDescriptor['features']>[number];

const FEATURES = [
  history('item_rate', { of: 'item', statistic: 'rate', shrinkage: 4 }),
  history('item_week', { of: 'item', statistic: 'count', days: 2, log: true }),
  history('item_known', { of: 'item', statistic: 'clicks', delayMinutes: 600 }),
  history('mine', { of: 'entity', statistic: 'count', buckets: 4 }),
  history('mine_late', { of: 'entity', statistic: 'clicks', days: 1.5, delayMinutes: 90 }),
  history('since', { of: 'entity', statistic: 'days_since_last' }),
];
export const NAMES = FEATURES.map(({ name }) => name);

type Labels = 'binary' | 'implicit';

const descriptor = (labels: Labels, file: string, purgeMinutes: number): RawDescriptor => {
  const base = plain();
  const label =
    labels === 'binary'
      ? { kind: 'binary' as const, column: 'label' }
      : { kind: 'implicit' as const, negatives: { perPositive: 2, by: 'uniform' as const } };
  return {
    ...base,
    name: file,
    events: { files: `${file}.csv` },
    columns: { ...base.columns!, label },
    duplicates: 'keep',
    features: FEATURES,
    split:
      purgeMinutes > 0
        ? { kind: 'per-entity-time', test: 0.2, valid: 0.2, purgeMinutes }
        : { kind: 'given', column: 'part' },
  };
};

/** Hours on a coarse grid, so that instants coincide and ages hit the ends of windows and delays. */
function lines(): readonly string[] {
  const stream = randomStream(3, 'history log');
  return Array.from({ length: 900 }, (_, n) => {
    const day = Math.floor((n * DAYS) / 900);
    const part = day === DAYS - 1 ? 'test' : day === DAYS - 2 ? 'valid' : 'train';
    const at = START + day * DAY + stream.integer(16) * 5400;
    const item = stream.integer(day < DAYS - 1 ? 12 : 14);
    return `m${stream.integer(20)},i${item},${at},${stream.uniform() < 0.2 + item / 20 ? 1 : 0},${part}`;
  });
}

export interface HistoryLog {
  /** Prepared without and with the test day. */
  readonly before: PreparedDataset;
  readonly whole: PreparedDataset;
  readonly bundle: string;
  readonly warnings: readonly string[];
}

export async function historyLog(folder: Folder, labels: Labels, purgeMinutes = 0): Promise<HistoryLog> {
  const header = 'user,item,time,label,part';
  const rows = lines().filter((line) => labels === 'binary' || line.split(',')[3] === '1');
  const early = rows.filter((line) => !line.endsWith('test'));
  await folder.write(`${labels}_early.csv`, `${[header, ...early].join('\n')}\n`);
  await folder.write(`${labels}_whole.csv`, `${[header, ...rows].join('\n')}\n`);
  const of = async (name: string) => (await prep(folder, descriptor(labels, name, purgeMinutes))).dataset;
  const before = await of(`${labels}_early`);
  const whole = await of(`${labels}_whole`);
  const model = buildSmall(limaml, before, { meta: { rows: true }, episodes: { maxSupport: 6 } });
  const { state } = await train(model, before, smallTraining({ epochs: 1 }));
  const bundle = join(folder.path, `bundle-${labels}-${purgeMinutes}`);
  const warnings: string[] = [];
  await exportBundle({
    model,
    state,
    dataset: before,
    roles: SELECT_ROLES,
    execution: smallExecution(),
    run: { id: 'r', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through: 'test',
    outDirectory: bundle,
    progress: (event) => void (event.kind === 'warning' && warnings.push(event.code)),
  });
  return { before, whole, bundle, warnings };
}

export interface TestRow {
  readonly entity: string;
  readonly item: string;
  readonly ms: number;
  readonly label: number;
  /** What prep says, in the order of `NAMES`. */
  readonly features: readonly number[];
}

/** The rows of the test day as prep has them, sampled ones among them. */
export async function testDay(dataset: PreparedDataset): Promise<readonly TestRow[]> {
  const ids = { entity: await dataset.vocabulary('entity'), item: await dataset.vocabulary('item') };
  const rows: TestRow[] = [];
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    const raw = await dataset.raw({ shard: index }, NAMES);
    shard.split.forEach((split, row) => {
      if (split !== SPLIT.test) return;
      rows.push({
        entity: ids.entity[shard.entity[row]!]!,
        item: ids.item[shard.item[row]!]!,
        ms: shard.timestampMs[row]!,
        label: shard.label[row]!,
        features: NAMES.map((name) => raw.get(name)!.values[row] as number),
      });
    });
  }
  return rows;
}

const stream = (text: string): NodeJS.ReadableStream => Readable.from([text], { objectMode: false });

export async function score(
  bundle: string,
  csv: string,
  lookup: boolean,
): Promise<{ readonly probability: readonly number[]; readonly counted: ScoredCount }> {
  let text = '';
  const counted = await scoreRows({
    folder: bundle,
    input: stream(csv),
    batchRows: 7,
    lookup,
    format: 'json-lines',
    write: async (part) => {
      text += part;
    },
  });
  const found = text.trim().split('\n').filter(Boolean);
  const probability = found.map((line) => (JSON.parse(line) as { probability: number }).probability);
  return { probability, counted };
}

export const refresh = (bundle: string, csv: string): Promise<Refreshed> =>
  refreshBundle({
    folder: bundle,
    outDirectory: bundle,
    events: stream(csv),
    eventsName: 'new.csv',
    progress: silent,
  });

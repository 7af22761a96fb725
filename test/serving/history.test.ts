// History features of a bundle: score and refresh compute for the next day of a log what prep says when it has the whole log.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { openDatabase, type Row } from '../../src/database/database.js';
import { parquetFile } from '../../src/database/files.js';
import { openPast } from '../../src/prep/kept-past.js';
import { type Folder, temporaryFolder, userErrors } from '../prep/prep-harness.js';
import {
  type HistoryLog,
  historyLog,
  NAMES,
  refresh,
  score,
  TEST_DAY_MS,
  type TestRow,
  testDay,
} from './history-log.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function parquet(path: string, sql = ''): Promise<readonly Row[]> {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  try {
    return await database.rows(`FROM ${parquetFile(path)} ${sql}`);
  } finally {
    database.close();
  }
}

/** What the bundle's own past gives for rows. */
async function computed(bundle: string, rows: readonly TestRow[]): Promise<readonly (readonly number[])[]> {
  const { history } = await readManifest(bundle);
  const past = await openPast(history!, join(bundle, 'history.parquet'));
  try {
    const values = await past.values(NAMES, {
      entity: rows.map(({ entity }) => entity),
      item: rows.map(({ item }) => item),
      timestampMs: rows.map(({ ms }) => ms),
    });
    return rows.map((_row, i) => NAMES.map((name) => values.get(name)!.values[i] as number));
  } finally {
    await past.close();
  }
}

const csv = (rows: readonly TestRow[], withFeatures = false): string =>
  [
    `user,item,time,label${withFeatures ? `,${NAMES.join(',')}` : ''}`,
    ...rows.map(({ entity, item, ms, label, features }) =>
      [
        entity,
        item,
        ms / 1000,
        label,
        ...(withFeatures ? features.map((f) => (Number.isNaN(f) ? '' : f)) : []),
      ].join(','),
    ),
  ].join('\n');

describe.each(['binary', 'implicit'] as const)('a log of %s labels', (labels) => {
  let log: HistoryLog;
  let day: readonly TestRow[];
  let first: readonly TestRow[];
  let later: readonly TestRow[];
  const NOON = TEST_DAY_MS + 43_200_000;
  beforeAll(async () => {
    log = await historyLog(folder, labels);
    day = await testDay(log.whole);
    first = day.filter(({ ms }) => ms < NOON);
    later = day.filter(({ ms }) => ms >= NOON);
    expect(log.warnings).toEqual([]);
  }, 120_000);

  /** Rows of the first instant of all that `after` the log there are: nothing of their own day is their past. */
  const opening = (rows: readonly TestRow[]): readonly TestRow[] => {
    const least = Math.min(...rows.map(({ ms }) => ms));
    return rows.filter(({ ms }) => ms === least);
  };

  it('gives the first rows of the next day what prep gives them', async () => {
    const rows = opening(day);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(await computed(log.bundle, rows)).toEqual(rows.map(({ features }) => features));
    const looked = await score(log.bundle, csv(rows), true);
    expect(looked.counted.computed).toEqual(expect.arrayContaining([...NAMES]));
    const brought = await score(log.bundle, csv(rows, true), false);
    expect(looked.probability).toEqual(brought.probability);
    expect(looked.probability).toHaveLength(rows.length);
    // They matter: other values, other probabilities.
    const other = rows.map((row) => ({ ...row, features: row.features.map((f) => (f || 0) + 5) }));
    expect((await score(log.bundle, csv(other, true), false)).probability).not.toEqual(brought.probability);
  });

  it('counts half a day of new events, and gives the rows after them what prep gives them', async () => {
    expect(first.length).toBeGreaterThan(30);
    const refreshed = await refresh(log.bundle, csv(first));
    expect(refreshed).toMatchObject({ events: first.length, known: 0 });
    const rows = opening(later);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(await computed(log.bundle, rows)).toEqual(rows.map(({ features }) => features));
    const looked = await score(log.bundle, csv(rows), true);
    expect(looked.probability).toEqual((await score(log.bundle, csv(rows, true), false)).probability);
  });

  it('keeps the new events as support with the history of their own instants', async () => {
    const stored = await parquet(join(log.bundle, 'support.parquet'), `WHERE timestamp_ms >= ${TEST_DAY_MS}`);
    expect(stored.length).toBeGreaterThan(20);
    const key = (entity: unknown, item: unknown, ms: unknown): string => [entity, item, ms].join(' ');
    const expected = new Map(day.map((row) => [key(row.entity, row.item, row.ms), row.features]));
    for (const row of stored)
      expect(
        NAMES.map((name) => row[name] ?? Number.NaN),
        JSON.stringify(row),
      ).toEqual(expected.get(key(row['entity'], row['item'], row['timestamp_ms'])));
  });

  it('changes nothing when the same events come again', async () => {
    const before = await readManifest(log.bundle);
    expect(await refresh(log.bundle, csv(first))).toMatchObject({ adapted: 0, hash: before.hash });
    expect(await readManifest(log.bundle)).toEqual(before);
  });

  it('is as if all events had come at once', async () => {
    await refresh(log.bundle, csv(later));
    const { history } = await readManifest(log.bundle);
    const rows = await parquet(join(log.bundle, 'history.parquet'), "WHERE side = 'item' ORDER BY ALL");
    const events = day.filter(({ label }) => labels === 'binary' || label === 1);
    expect(history!.cutoffMs).toBe(Math.max(...events.map(({ ms }) => ms)));
    const sum = (name: string): number => rows.reduce((total, row) => total + Number(row[name]), 0);
    const { splits } = log.whole.manifest;
    const all = Object.values(splits).reduce(
      (total, { rows: n, labelRate }) => total + (labels === 'binary' ? n : Math.round(n * labelRate)),
      0,
    );
    expect(sum('events')).toBe(all);
    const clicks = Object.values(splits).reduce((total, { rows: n, labelRate }) => total + n * labelRate, 0);
    expect(sum('clicks')).toBe(Math.round(clicks));
    // What is past for every later instant alike is one row an item.
    expect(rows.length).toBeLessThan(all);
  });

  it('does not answer for instants before what it has counted', async () => {
    const [error] = await userErrors(score(log.bundle, csv(opening(day)), true));
    expect(error).toMatchObject({ code: 'SCORE_HISTORY_TIME', where: 'standard input:2' });
    const [none] = await userErrors(score(log.bundle, 'user,item,time\nm1,i1,\n', true));
    expect(none).toMatchObject({ code: 'SCORE_HISTORY_TIME', what: expect.stringContaining('no time') });
    const before = await readManifest(log.bundle);
    const [late] = await userErrors(
      refresh(log.bundle, `user,item,time,label\nnew,i1,${TEST_DAY_MS / 1000},1\n`),
    );
    expect(late).toMatchObject({ code: 'EVENTS_BEFORE_HISTORY', where: 'entity new' });
    expect(await readManifest(log.bundle)).toEqual(before);
  });
});

describe('columns that rows lack', () => {
  it('are told with what to do, and a log with a purge gap gives no past', async () => {
    const { bundle, warnings } = await historyLog(folder, 'binary', 1440);
    expect(warnings).toEqual(['EXPORT_NO_HISTORY']);
    expect((await readManifest(bundle)).history).toBeNull();
    const other = join(folder.path, 'bundle-binary-0');
    const plain = await userErrors(score(other, 'user,item,time\nm1,i1,1700000000\n', false));
    expect(plain.map(({ code }) => code)).toEqual(NAMES.map(() => 'SCORE_COLUMN_MISSING'));
    for (const { next } of plain) expect(next).toContain('--lookup');
    const [timeless] = await userErrors(score(other, 'user,item\nm1,i1\n', true));
    expect(timeless).toMatchObject({ code: 'SCORE_COLUMN_MISSING', next: expect.stringContaining('"time"') });
    const closed = await userErrors(score(bundle, 'user,item,time\nm1,i1,1700000000\n', true));
    expect(closed).toHaveLength(NAMES.length);
  });
});

// spark/adapt.py and spark/score.py on a cluster of two executors: vectors of export and refresh, probabilities of score.
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Row } from '../../src/database/database.js';
import { parquetFile } from '../../src/database/files.js';
import { silent } from '../../src/progress.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import { BUNDLE, pythonRecord } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import { type Folder, temporaryFolder } from '../prep/prep-harness.js';
import { historyLog, score, TEST_DAY_MS } from '../serving/history-log.js';
import { runScripts, type ScriptsRun, sparkPython } from './spark-scripts.js';

if (sparkPython === undefined)
  console.warn(
    'SKIPPED: the scripts for Spark are not run, because LIMAML_TEST_SPARK names no Python with pyspark (.ci/spark makes one).',
  );

const NOON_MS = TEST_DAY_MS + 43_200_000;
const HEADER = 'user,item,time,label,part,n';

/** The Parquet files of what a script wrote, or of one file. */
const files = (path: string): string =>
  parquetFile(
    path.endsWith('.parquet')
      ? path
      : readdirSync(path)
          .filter((file) => file.endsWith('.parquet'))
          .map((file) => join(path, file)),
  );

async function rowsOf(path: string): Promise<readonly Row[]> {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  try {
    return await database.rows(`FROM ${files(path)}`);
  } finally {
    database.close();
  }
}

/** Vectors of members with what they rest on; lists as the database gives them. */
async function vectorsOf(path: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  try {
    const rows = await database.rows(
      `SELECT entity, CAST(to_json(vector) AS VARCHAR) AS vector, support, last_event_ms FROM ${files(path)}`,
    );
    return new Map(
      rows.map(({ entity, vector, support, last_event_ms: last }) => [
        String(entity),
        [JSON.parse(String(vector)) as number[], Number(support), Number(last)] as const,
      ]),
    );
  } finally {
    database.close();
  }
}

describe.skipIf(sparkPython === undefined)('on Spark', () => {
  let folder: Folder;
  let bundle: string;
  let ran: ScriptsRun;
  let later: readonly string[];
  const out = (name: string): string => join(folder.path, name);

  beforeAll(async () => {
    folder = await temporaryFolder();
    ({ bundle } = await historyLog(folder, 'binary'));
    // The place in the log as a column: instants coincide, and Spark knows no order of rows.
    const log = (await readFile(out('binary_whole.csv'), 'utf8')).trim().split('\n').slice(1);
    const numbered = log.map((line, n) => `${line},${n}`);
    const ms = (line: string): number => Number(line.split(',')[2]) * 1000;
    const write = (name: string, lines: readonly string[], header = HEADER) =>
      writeFile(out(name), `${[header, ...lines].join('\n')}\n`);
    await write(
      'early.csv',
      numbered.filter((line) => ms(line) < TEST_DAY_MS),
    );
    await write(
      'morning.csv',
      numbered.filter((line) => ms(line) >= TEST_DAY_MS && ms(line) < NOON_MS),
    );
    later = numbered
      .filter((line) => ms(line) >= NOON_MS)
      .map((line) => line.split(',').slice(0, 3).join(','));
    await write('rows.csv', later, 'user,item,time');
    await writeFile(out('rich.csv'), pythonRecord().csv);
    const of = (folder: string, ...rest: readonly string[]) => ['--bundle', folder, ...rest];
    ran = await runScripts([
      ['adapt', of(bundle, '--events', out('early.csv'), '--order', 'n', '--out', out('exported'))],
      [
        'adapt',
        of(bundle, '--events', out('morning.csv'), '--order', 'n', '--stored', '--out', out('refreshed')),
      ],
      ['adapt', of(bundle, '--events', out('early.csv'), '--out', out('tied'))],
      ['score', of(bundle, '--rows', out('rows.csv'), '--lookup', '--out', out('scored'))],
      ['adapt', of(BUNDLE, '--events', join(BUNDLE, 'support.parquet'), '--out', out('rich'))],
      ['score', of(BUNDLE, '--rows', out('rich.csv'), '--vectors', out('rich'), '--out', out('rich-scored'))],
      ['score', of(BUNDLE, '--rows', out('rich.csv'), '--vectors', out('none'), '--out', out('nothing'))],
      ['score', of(BUNDLE, '--rows', out('rich.csv'), '--out', out('rich-scored'))],
    ]);
  }, 900_000);
  afterAll(() => folder?.remove());

  const close = (found: readonly unknown[], expected: readonly unknown[]): void => {
    expect(found.slice(1)).toEqual(expected.slice(1));
    (expected[0] as number[]).forEach((value, d) => {
      expect(Math.abs((found[0] as number[])[d]! - value)).toBeLessThan(1e-6);
    });
  };

  it('runs in two executors, and refuses an order that nothing says, and files that are not there or there already', () => {
    expect(ran.executors).toBe(2);
    expect([ran.codes, ran.stderr.match(/error .*/g)]).toEqual([
      [0, 0, 2, 0, 0, 0, 2, 2],
      [
        expect.stringMatching(/^error TIES_UNORDERED {2}entity m\d+: /),
        expect.stringMatching(/^error PATH_NOT_FOUND {2}.*none\.$/),
        expect.stringMatching(/^error PATH_ALREADY_EXISTS {2}.*rich-scored.*\.$/),
      ],
    ]);
  });

  it('gives the vectors of export from the whole log, history features included', async () => {
    const expected = await vectorsOf(join(bundle, 'embeddings.parquet'));
    const found = await vectorsOf(out('exported'));
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    expect(found.size).toBe(20);
    for (const [entity, row] of expected) close(found.get(entity)!, row);
  });

  it('gives those of refresh from new events', async () => {
    const events = (await readFile(out('morning.csv'))).toString();
    const { adapted } = await refreshBundle({
      folder: bundle,
      outDirectory: out('newer'),
      events: Readable.from([events], { objectMode: false }),
      eventsName: 'morning.csv',
      changed: out('changed.parquet'),
      progress: silent,
    });
    const expected = await vectorsOf(out('changed.parquet'));
    const found = await vectorsOf(out('refreshed'));
    expect([found.size, expected.size]).toEqual([adapted, adapted]);
    expect(adapted).toBeGreaterThan(10);
    for (const [entity, row] of expected) close(found.get(entity)!, row);
  });

  it('scores as score --lookup does, members without a vector too', async () => {
    const { probability } = await score(bundle, `user,item,time\n${later.join('\n')}\n`, true);
    const found = await rowsOf(out('scored'));
    expect(found).toHaveLength(later.length);
    const of = new Map(
      found.map((row) => [[row['user'], row['item'], row['time']].join(','), Number(row['probability'])]),
    );
    later.forEach((line, i) => {
      expect(Math.abs(of.get(line)! - probability[i]!)).toBeLessThan(1e-6);
    });
  });

  it('takes the support rows and features of several values of another bundle', async () => {
    const expected = await vectorsOf(join(BUNDLE, 'embeddings.parquet'));
    const found = await vectorsOf(out('rich'));
    expect(found.size).toBe(36);
    for (const [entity, row] of found) close(row, expected.get(entity)!);
    const { stdout } = await runMain(['score', '--bundle', BUNDLE, '--json'], { stdin: pythonRecord().csv });
    const scored = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    const key = (row: Row | Record<string, string>): string => {
      return ['entity', 'item', 'price', 'tags'].map((name) => String(row[name] ?? '')).join(' ');
    };
    const rows = await rowsOf(out('rich-scored'));
    const of = new Map(rows.map((row) => [key(row), Number(row['probability'])]));
    expect(rows).toHaveLength(40);
    for (const row of scored)
      expect(Math.abs(of.get(key(row))! - Number(row['probability']))).toBeLessThan(1e-6);
  });
});

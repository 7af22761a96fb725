// A log that nobody has seen before, and every command, the longer ones through the real program: odd column names, seconds, stars, a side table, Parquet.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { runMain } from './in-process.js';
import { limaml, ROOT } from './run-limaml.js';

const BOOKS =
  'name: books\ndataset: book-ratings\nmodel: { name: limaml, meta: { hidden: [8], size: 4, rows: true } }\ntraining: { epochs: 2 }\nexecution: { workers: 0 }\n';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'limaml-own-log-'));
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  // 40 readers rate 24 books each, three hours apart; a reader likes the books of one half.
  await connection.run(`CREATE TABLE ratings AS SELECT 'reader-' || r AS "Reader Nr", 'B' || b AS "Book",
      CASE WHEN (b % 2 = r % 2) = ((r * 7 + n * 3) % 10 < 8) THEN 5 ELSE 2 END AS "Stars (1-5)",
      1650000000 + n * 10800 + r AS "Rated At", CASE n % 3 WHEN 0 THEN 'app' WHEN 1 THEN 'web' END AS "Client"
    FROM (SELECT r, n, (r * 11 + n * 5) % 30 AS b FROM range(40) t(r), range(24) u(n))`);
  await connection.run(`COPY ratings TO '${join(cwd, 'Book Ratings.parquet')}' (FORMAT parquet)`);
  await connection.run(
    `COPY (SELECT * REPLACE ("Rated At" + 400000 AS "Rated At") FROM ratings LIMIT 60) TO '${join(cwd, 'new.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  const books = Array.from({ length: 30 }, (_, b) => `B${b};${b % 2 ? 'Noir' : 'Sci-Fi'};${1950 + b}\n`);
  await writeFile(join(cwd, 'catalogue.csv'), `ISBN Code;Genre;Published\n${books.join('')}`);
});
afterAll(() => rm(cwd, { recursive: true }));

const used = new Set<string>();
const run = async (args: readonly string[], stdin?: string, program = limaml) => {
  used.add(args[0]!);
  const { code, stdout, stderr } = await program(args, { cwd, ...(stdin === undefined ? {} : { stdin }) });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};

/** What the real program did above, this does for the rest: the same command line in this process. */
const runHere = (args: readonly string[]) => run(args, undefined, runMain);

describe('a log of one’s own', () => {
  it('is sniffed, described, prepared, trained on, exported, scored and refreshed in its own words', async () => {
    await run(['init', 'Book Ratings.parquet']);
    const path = join(cwd, 'datasets/book-ratings.yaml');
    const sniffed = await readFile(path, 'utf8');
    expect(sniffed).toContain(
      'label: { kind: threshold, column: "Stars (1-5)", threshold: 4, range: [1, 5] }',
    );
    const described = sniffed
      .replace(
        '\ncolumns:',
        '\ntables:\n  books: { files: catalogue.csv, delimiter: ";", key: "ISBN Code", on: item, where: [{ column: Published, min: 1953 }] }\ncolumns:',
      )
      .replace(
        '\nfeatures:\n',
        '\nfeatures:\n  - { name: genre, side: item, kind: categorical, column: Genre }\n  - { name: hour, kind: time, part: hour }\n',
      );
    await writeFile(path, described);
    expect(await runHere(['prep', 'book-ratings', '--dry-run'])).toContain(
      '3 rows of table books filtered by Published',
    );
    expect(JSON.parse(await run(['prep', 'book-ratings', '--json']))).toMatchObject({
      rows: 960,
      entities: 40,
      dropped: { 'rows of table books filtered by Published': 3 },
    });
    await mkdir(join(cwd, 'experiments/books'), { recursive: true });
    await writeFile(join(cwd, 'experiments/books/experiment.yaml'), BOOKS);
    await run(['train', 'books']);
    await run(['export', 'books/latest', '--out', 'bundle', '--verify']);
    for (const shard of ['0', '1'])
      await runHere(['export', 'books/latest', '--out', `part${shard}`, '--shards', '2', '--shard', shard]);
    const { hash } = JSON.parse(await run(['merge', 'part0', 'part1', '--out', 'merged', '--json']));
    expect(hash).toBe(JSON.parse(await readFile(join(cwd, 'bundle/manifest.json'), 'utf8')).hash);
    const rows = 'Reader Nr,Book,Rated At,Client\nreader-1,B7,1650400000,app\nstranger,B8,1650400000,\n';
    const scored = (await run(['score', '--bundle', 'bundle', '--lookup'], rows)).trim().split('\n');
    expect(scored[0]).toBe('Reader Nr,Book,Rated At,Client,probability');
    for (const line of scored.slice(1)) expect(line).toMatch(/,0\.\d+$/);
    const refreshed = JSON.parse(
      await run(['refresh', '--bundle', 'bundle', '--events', 'new.parquet', '--json']),
    );
    expect(refreshed).toMatchObject({ form: 'log', events: 60, known: 0, added: 0, entities: 40 });
    expect(refreshed.cutoffMs).toBeGreaterThanOrEqual(1_650_400_000_000);
  });

  it('goes through every other command, too', async () => {
    await runHere(['validate', 'books']);
    await runHere(['eval', 'books/latest', '--baseline', 'deep', '--no-curves']);
    const { runs } = JSON.parse(await runHere(['runs', '--json'])) as { runs: { id: string }[] };
    expect(runs).toHaveLength(2);
    expect(await runHere(['compare', ...runs.map(({ id }) => id)])).toContain('deep');
    expect(await runHere(['report', 'books/latest'])).toContain('report.html');
    expect(await runHere(['check', 'books', '--update', '--seed', '1', '--seed', '2'])).toContain(
      'expected.json',
    );
    expect(await runHere(['verify', 'books/latest', '--epochs', '1'])).toContain('epoch');
    used.add('store');
    // Its client is installed beside limaml; without it the program says so.
    const hasLmdb = await import('lmdb' as string).then(
      () => true,
      () => false,
    );
    expect(await runMain(['store', 'push', 'lmdb:vectors', '--bundle', 'bundle'], { cwd })).toMatchObject(
      hasLmdb ? { code: 0 } : { code: 2, stderr: expect.stringContaining('STORE_CLIENT_MISSING') },
    );
    await writeFile(
      join(cwd, 'experiments/books/experiment.yaml'),
      `${BOOKS}sweep: { space: { training.clip: [1] } }\n`,
    );
    expect(await runHere(['sweep', 'books', '--set', 'training.epochs=1'])).toContain(
      'test rows were not looked at',
    );
    expect(await runHere(['new', 'shorter', '--from', 'books', '--extend'])).toContain('experiments/shorter');
    expect(await runHere(['here'])).toContain('book-ratings');
    expect(await runHere(['schema', 'recipe'])).toContain('"dataset"');
    expect(await run(['complete', 'bash'])).toContain('limaml');
    // It ends when it is told to: test/cli/serve.test.ts.
    used.add('serve');
    const results = ['results', 'books', '--seeds', '1', '--refresh', '1d', '--set', 'training.epochs=1'];
    expect(await runHere([...results, '--set', 'baselines.deep={}'])).toContain('RESULTS.md');
    expect(await runHere(['models'])).toContain('widedeep');
    expect(await runHere(['doctor'])).toContain('onnxruntime');
    const descriptor = await readFile(join(ROOT, 'datasets/synthetic.yaml'), 'utf8');
    const small = descriptor.replace('options: {}', 'options: { members: 60, items: 40, events: 1500 }');
    expect(small).not.toBe(descriptor);
    await writeFile(join(cwd, 'datasets/synthetic.yaml'), small);
    const sets = ['training.epochs=1', 'evaluation.bootstrap.replicates=200'].flatMap((set) => [
      '--set',
      set,
    ]);
    const { verified } = JSON.parse(await runHere(['quickstart', ...sets, '--json'])).export;
    // Rounding alone: a bundle that a kink of the model parts by more is let pass by the program, and counted.
    expect(verified).toMatchObject({ rows: 300, vectors: 59, kinks: null });
    for (const apart of [verified.maxAbsError, verified.maxVectorError])
      expect(apart).toBeLessThanOrEqual(1e-6);
    expect([...used].sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });
});

// Files of the database and files that it reads, under names that mean something to it.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { csvFile, jsonLinesFile, parquetFile } from '../../src/database/files.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-paths-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

it.each(['plain', '?', 'a?b=c', '#f?x', '[a]', '*', 'key=1', "it's"])(
  'a scratch database in a folder named %j works, and leaves nothing elsewhere',
  async (name) => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    vi.stubEnv('TMPDIR', elsewhere);
    const folder = join(root, name);
    await mkdir(folder);
    const file = join(folder, 'staging.duckdb');
    const database = await openDatabase({ file, memoryLimitMb: 64, threads: 1 });
    // More than fits into one block, then a transaction of its own: both reach the file and its log.
    await database.run('CREATE TABLE t AS SELECT range AS n FROM range(300000)');
    await database.run('INSERT INTO t VALUES (-1)');
    const counted = await database.rows('SELECT count(*) AS n, min(n) AS least FROM t');
    database.close();
    expect(counted).toEqual([{ n: 300_001, least: -1 }]);
    expect((await readdir(root)).sort()).toEqual([name, 'elsewhere'].sort());
    expect(existsSync(file)).toBe(!name.includes('?'));
    expect(await readdir(elsewhere)).toEqual([]);
  },
);

it.runIf(process.platform !== 'win32')('a backslash beside a pattern is refused by name', () => {
  for (const read of [parquetFile, csvFile, jsonLinesFile])
    expect(() => read('/data/a\\b*/log')).toThrow(
      expect.objectContaining({ code: 'PATH_NOT_READABLE', where: '/data/a\\b*/log' }),
    );
  // Either alone is read.
  expect(csvFile('/data/a\\b/log')).toContain('a\\b');
  expect(csvFile('/data/b*/log')).toContain('b[*]');
});

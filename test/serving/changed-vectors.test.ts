// `limaml refresh --changed`: the vectors that changed, and no others, as a file of their own.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Row } from '../../src/database/database.js';
import { parquetFile } from '../../src/database/files.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import type { Outcome } from '../cli/run-limaml.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-changed-'));
  cpSync(BUNDLE, join(folder, 'bundle'), { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function rows(file: string, where = 'true'): Promise<readonly Row[]> {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  try {
    return await database.rows(`FROM ${parquetFile(join(folder, file))} WHERE ${where} ORDER BY entity`);
  } finally {
    database.close();
  }
}

const refresh = (events: readonly string[]): Promise<Outcome> =>
  runMain(['refresh', '--bundle', 'bundle', '--events', '-', '--changed', 'changed.parquet', '--quiet'], {
    cwd: folder,
    stdin: `${['entity,item,timestamp_ms,label,price', ...events].join('\n')}\n`,
  });

it('holds those of the entities with new events, none where nothing is new, and is not there after a fault', async () => {
  const events = ['m1,f2,1700000000000,1,3.5', 'stranger,f2,1700000000005,1,'];
  expect(await refresh(events)).toMatchObject({ code: 0 });
  const changed = await rows('changed.parquet');
  expect(changed.map(({ entity }) => entity)).toEqual(['m1', 'stranger']);
  expect(changed).toEqual(await rows('bundle/embeddings.parquet', "entity IN ('m1', 'stranger')"));
  expect(await refresh(events)).toMatchObject({ code: 0 });
  expect(await rows('changed.parquet')).toEqual([]);
  rmSync(join(folder, 'changed.parquet'));
  expect(await refresh(['m1,f2,never,1,'])).toMatchObject({ code: 2 });
  expect(readdirSync(folder)).toEqual(['bundle']);
});

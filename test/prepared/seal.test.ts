// `prep seal`: what other programs write becomes the folder that prep would have written.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealPrepared } from '../../src/prepared/seal/seal.js';
import type { ProgressEvent } from '../../src/progress.js';
import { runMain } from '../cli/in-process.js';
import { type Files, manifestOf, rowsOf, SCATTERED, TASTES, unsealed } from './unsealed-folder.js';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'limaml-seal-'));
});
afterAll(() => rm(base, { recursive: true }));

const seal = (folder: string, progress = (_: ProgressEvent): void => {}) =>
  sealPrepared({ folder, outDirectory: join(base, 'sealed'), memoryLimitMb: 256, progress });

describe('a folder of another program', () => {
  it('is sealed to the content it stands for, whatever its types, names, order and files', async () => {
    const told: ProgressEvent[] = [];
    const { path, manifest } = await seal(await unsealed(base, SCATTERED), (event) => told.push(event));
    expect(path).toBe(join(base, 'sealed', `tastes-${manifest.hash.slice(0, 8)}`));
    const original = await manifestOf(TASTES);
    expect(manifest).toMatchObject({
      rows: 800,
      entities: 40,
      items: 12,
      splits: original['splits'] as object,
      features: original['features'] as object[],
    });
    expect(manifest.shards).toEqual([{ file: 'events/part-00000.parquet', rows: 800, entities: 40 }]);
    expect(await rowsOf(join(path, 'events/part-00000.parquet'))).toEqual(
      await rowsOf([0, 1].map((n) => join(TASTES, `events/part-0000${n}.parquet`))),
    );
    for (const file of ['entities', 'items', 'vocabularies/genre', 'vocabularies/device'])
      expect(await rowsOf(join(path, `${file}.parquet`))).toEqual(
        await rowsOf(join(TASTES, `${file}.parquet`)),
      );
    expect(told.filter(({ kind }) => kind === 'note')).toEqual([
      expect.objectContaining({ text: expect.stringContaining('columns that are not read: remark') }),
    ]);
    // The same content, divided otherwise, is the same folder to the last byte.
    const again = await seal(TASTES);
    expect(again.manifest.files).toEqual(manifest.files);
    // Nothing else is left of it.
    expect((await readdir(join(base, 'sealed'))).every((name) => /^tastes-[0-9a-f]{8}$/.test(name))).toBe(
      true,
    );
  });

  it('is trained on after the command that seals it', async () => {
    const cwd = await mkdtemp(join(base, 'cwd-'));
    const folder = await unsealed(base, SCATTERED);
    const sealed = await runMain(['prep', 'seal', folder, '--out', 'own', '--json'], { cwd });
    expect(sealed.code).toBe(0);
    const { path, sealed: isSealed } = JSON.parse(sealed.stdout) as { path: string; sealed: boolean };
    expect(isSealed).toBe(true);
    await mkdir(join(cwd, 'experiments/tastes'), { recursive: true });
    await writeFile(
      join(cwd, 'experiments/tastes/experiment.yaml'),
      `name: tastes\ndataset: ${path}\nmodel: { name: deep }\ntraining: { epochs: 1 }\nexecution: { workers: 0 }\n`,
    );
    expect(await runMain(['train', 'tastes'], { cwd })).toMatchObject({ code: 0 });
    const shown = await runMain(['prep', 'seal', folder, '--out', 'own'], { cwd });
    expect(shown.stdout).toContain('sealed: every row keeps the format');
  });

  it('keeps the order that a column "row" states among equal times, and true probabilities', async () => {
    const small: Files = {
      'events.parquet': `SELECT 1 AS entity, item, 5 AS timestamp_ms, label, split, "row", truth FROM (VALUES
        (3, 1, 0, 30, 0.5), (1, 0, 0, 10, 0.25), (2, 1, 0, 20, 0.75)) t(item, label, split, "row", truth)
        UNION ALL VALUES (1, 1, 9, 1, 'x', 7, 0.5)`.replace("'x'", '2'),
      'entities.parquet': `SELECT 1 AS "index", 77 AS value`,
      'items.parquet': `SELECT unnest([1, 2, 3]) AS "index", unnest(['a', 'b', 'c']) AS value, CAST([] AS BIGINT[]) AS tags`,
      'vocabularies/tags.parquet': `SELECT 1 AS "index", 'hot' AS value`,
    };
    const { path, manifest } = await seal(
      await unsealed(base, small, {
        dataset: 'small',
        features: [{ name: 'tags', side: 'item', kind: 'multi' }],
        descriptor: { split: { kind: 'given' } },
        dropped: { 'bad rows': 2 },
      }),
    );
    expect(await rowsOf(join(path, 'events/part-00000.parquet'))).toMatchObject([
      { item: 1, truth: 0.25 },
      { item: 2, truth: 0.75 },
      { item: 3, truth: 0.5 },
      { item: 1, split: 2 },
    ]);
    expect(manifest).toMatchObject({ dropped: { 'bad rows': 2 }, oracleAuc: { train: 1 } });
    expect(manifest.features).toEqual([
      { name: 'tags', side: 'item', kind: 'multi', size: 2, separator: '|' },
    ]);
    expect((await rowsOf(join(path, 'entities.parquet'))) as object[]).toMatchObject([
      { index: 0, value: '' },
      { index: 1, value: '77', train: 3, test: 1 },
    ]);
  });
});

// A run is only ever used with the data it was trained on: the same folder, the same content, the same manifest.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openPrepared } from '../../src/prepared/open.js';
import { readRunConfig } from '../../src/runs/config.js';
import { datasetOfRun } from '../../src/workflows/open-data.js';
import { trainRun } from '../../src/workflows/train.js';
import { pretendTrainer, smallRequest, temporaryFolder } from './small-experiment.js';

const PREPARED = fileURLToPath(new URL('../fixtures/prepared', import.meta.url));

it('refuses data that are gone, other data, and a manifest that was changed', async () => {
  const cwd = await temporaryFolder();
  const prepared = join(cwd, 'prepared', 'set');
  await cp(PREPARED, prepared, { recursive: true });
  const request = await smallRequest(cwd, { trainer: pretendTrainer(1) });
  const { path } = await trainRun({ ...request, dataset: await openPrepared(prepared) });
  const config = readRunConfig(path);
  expect((await datasetOfRun(path, config)).hash).toBe(config.dataset.hash);

  const other = { ...config, dataset: { ...config.dataset, hash: 'e'.repeat(64) } };
  await expect(datasetOfRun(path, other)).rejects.toMatchObject({
    code: 'RUN_DATA_CHANGED',
    where: prepared,
  });

  const manifest = join(prepared, 'manifest.json');
  const text = await readFile(manifest, 'utf8');
  const changed = text.replace(/"mean": (-?[\d.]+)/, (_, mean: string) => `"mean": ${2 * Number(mean) + 1}`);
  expect(changed).not.toBe(text);
  await writeFile(manifest, changed);
  await expect(datasetOfRun(path, config)).rejects.toMatchObject({
    code: 'RUN_DATA_CHANGED',
    where: manifest,
  });

  await rm(prepared, { recursive: true });
  await expect(datasetOfRun(path, config)).rejects.toMatchObject({
    code: 'RUN_DATA_MISSING',
    where: prepared,
  });
});

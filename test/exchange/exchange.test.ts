// Exports for other tools. The files under test/fixtures/experiments were read by MLflow and TensorBoard themselves
// (test/fixtures/make/read-run-exports.py); what we write must be those files still.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeMlflow } from '../../src/exchange/mlflow.js';
import { flatParameters, scalarSeries } from '../../src/exchange/scalars.js';
import { crc32c, maskedChecksum, writeTensorboard } from '../../src/exchange/tensorboard.js';
import { temporaryFolder } from '../workflows/small-experiment.js';
import { describedRun, TIMINGS } from './described-run.js';

const FIXTURES = resolve(dirname(fileURLToPath(import.meta.url)), '../fixtures/experiments');
const run = describedRun({ testAuc: 0.78125 });

interface ReadBack {
  readonly mlflow: {
    experiment: string;
    run_name: string;
    status: string;
    start_time: number;
    end_time: number;
    params: Record<string, string>;
    tags: Record<string, string>;
    metrics: Record<string, [step: number, timestamp: number, value: number][]>;
  };
  readonly tensorboard: Record<string, [step: number, wallTime: number, value: number][]>;
}

/** Files under a folder by relative path, the folder's own address replaced by a stand-in. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).filter((found) =>
    found.isFile(),
  )) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    files[path.slice(folder.length + 1)] = entry.name.includes('tfevents')
      ? bytes.toString('base64')
      : bytes.toString().replaceAll(pathToFileURL(folder).href, 'file:///store');
  }
  return files;
}

describe('exported runs', () => {
  it('are the files that MLflow and TensorBoard have read', async () => {
    const folder = await temporaryFolder();
    await writeMlflow(join(folder, 'mlflow'), run, TIMINGS);
    await writeTensorboard(join(folder, 'tensorboard'), run, TIMINGS);
    for (const tool of ['mlflow', 'tensorboard']) {
      const written = await filesOf(join(folder, tool));
      if (process.env['LIMAML_WRITE_FIXTURES'] !== undefined) {
        for (const [file, text] of Object.entries(written)) {
          await mkdir(dirname(join(FIXTURES, tool, file)), { recursive: true });
          if (tool === 'mlflow') await writeFile(join(FIXTURES, tool, file), text);
          else await cp(join(folder, tool, file), join(FIXTURES, tool, file));
        }
      }
      expect(Object.keys(written).length).toBe(tool === 'mlflow' ? 27 : 1);
      expect(written).toEqual(await filesOf(join(FIXTURES, tool)));
    }
  });

  it('hold, in the eyes of those tools, the numbers of the run', async () => {
    const { mlflow, tensorboard } = JSON.parse(
      await readFile(join(FIXTURES, 'read-back.json'), 'utf8'),
    ) as ReadBack;
    expect(mlflow).toMatchObject({
      experiment: 'demo',
      run_name: run.id,
      status: 'FINISHED',
      start_time: Date.parse(run.startedAt),
      end_time: Date.parse(run.startedAt) + 4500,
    });
    expect(mlflow.params).toEqual(Object.fromEntries(flatParameters(run)));
    expect(mlflow.params).toMatchObject({
      seed: '1',
      'model.name': 'limaml',
      'model.inner.steps': '3',
      'training.refit': 'false',
    });
    expect(mlflow.tags).toMatchObject({
      'limaml.version': '1.2.3',
      'mlflow.source.git.commit': 'a'.repeat(40),
    });
    const series = scalarSeries(run, TIMINGS);
    expect([...series.keys()].sort()).toEqual([
      'refit/loss',
      'select/loss',
      'select/valid_auc',
      'select/valid_group_auc',
      'select/valid_log_loss',
      'test/auc',
      'test/log_loss',
    ]);
    for (const [name, points] of series) {
      expect(mlflow.metrics[name]).toEqual(points.map(({ step, atMs, value }) => [step, atMs, value]));
      expect(tensorboard[name]).toEqual(points.map(({ step, atMs, value }) => [step, atMs / 1000, value]));
    }
    expect(Object.keys(mlflow.metrics)).toHaveLength(series.size);
    expect(Object.keys(tensorboard)).toHaveLength(series.size);
  });
});

describe('the checksum of event files', () => {
  it('is CRC-32C', () => {
    // RFC 3720, B.4: 32 bytes of zeros, of ones, and ascending; and the usual check of a CRC.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(maskedChecksum(new Uint8Array(0))).toBe(0xa282ead8);
  });
});

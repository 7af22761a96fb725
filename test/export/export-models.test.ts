// Trained models exported by the command line: what score gives is what eval measured, and a bundle is replaced whole.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BundleManifest } from '../../src/bundle/format/manifest-schema.js';
import { layoutOf } from '../../src/bundle/open.js';
import { parquetStore } from '../../src/bundle/store/parquet.js';
import { openDatabase, type Row } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { findModel, MODELS } from '../../src/models/registry.js';
import { silent } from '../../src/progress.js';
import { findRun } from '../../src/runs/find.js';
import { exportRun } from '../../src/workflows/export.js';
import { runMain } from '../cli/in-process.js';
import { type Outcome, ROOT } from '../cli/run-limaml.js';
import type { Project } from '../cli/small-project.js';
import { CELL_NAMES, type Cells, csvLine, richProject } from './rich-project.js';

const FIXTURE = join(ROOT, 'test', 'fixtures', 'export', 'bundle');
/** The trained one, and its baselines: all there are. */
/** Models that read supports while they score have no bundle (the contract holds that they are refused). */
const READING = ['din', 'melu'];
const NAMES = MODELS.map(({ name }) => name).filter((name) => !READING.includes(name));
const BASELINES = NAMES.filter((name) => name !== 'limaml');

let project: Project;
let cells: Cells;
let logCsv: () => string;
let measured: readonly Row[];
let runs: Readonly<Record<string, string>>;

const run = (args: readonly string[], stdin?: string): Promise<Outcome> =>
  runMain(args, { cwd: project.path, ...(stdin === undefined ? {} : { stdin }) });

async function json<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  ({ project, cells, logCsv } = await richProject());
  await json(['train', 'rich']);
  const evaluated = await json<{ scores: string; models: { model: string; run: string }[] }>([
    'eval',
    'latest',
    '--no-curves',
    ...BASELINES.flatMap((name) => ['--baseline', name]),
  ]);
  runs = Object.fromEntries(evaluated.models.map(({ model, run: id }) => [model, id]));
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  measured = await database.rows(
    `SELECT * REPLACE (epoch_ms(timestamp) AS timestamp) FROM read_parquet(${quoted(evaluated.scores)})`,
  );
  database.close();
});
afterAll(() => project.remove());

/** The measured rows as CSV of the columns that `names` lists. */
function measuredCsv(names: readonly string[]): string {
  const lines = measured.map(({ entity, item, timestamp }) => {
    const values = cells(String(entity), String(item), Number(timestamp));
    return csvLine(names.map((name) => values[CELL_NAMES.indexOf(name as 'entity')]!));
  });
  return `${[csvLine(names), ...lines].join('\n')}\n`;
}

it('a share of heads that validation rows chose is a number of score.onnx like any other', async () => {
  const heads = ['model.heads=[meta,ids]', 'model.ids.share=validation', 'model.ids.hidden=[8]'];
  const set = [...heads, 'training.epochs=3', 'training.refit=true'].flatMap((text) => ['--set', text]);
  const trained = await json<{ run: string; headShare: { share: number } }>(['train', 'rich', ...set]);
  expect(trained.headShare.share).not.toBe(0.5);
  const shown = await run(['runs', 'show', trained.run]);
  expect(shown.stdout).toContain(`${trained.headShare.share} of what is scored, chosen on validation rows`);
  const out = 'heads-bundle';
  const exported = await json<{ verified: { maxAbsError: number } }>([
    ...['export', trained.run, '--out', out, '--verify'],
  ]);
  expect(exported.verified.maxAbsError).toBeLessThan(1e-6);
  const manifest = readFileSync(join(project.path, out, 'manifest.json'), 'utf8');
  expect(manifest).not.toContain('ids.share"');
});

describe.each(NAMES)('%s', (model) => {
  it('is exported, verified, and scores raw rows as eval did', async () => {
    expect(measured.length).toBe(96); // of 12 members each: 1 of 6 rows, 3 of 14, 4 of 22
    const out = ['--out', `bundles/${model}`, '--through', 'train', '--verify', '--json'];
    const outcome = await run(['export', runs[model]!, ...out]);
    expect(outcome).toMatchObject({ code: 0 });
    // A baseline is another model than the recipe names, which whoever exports it should know.
    expect(outcome.stderr.includes('RUN_OVERRIDDEN')).toBe(model !== 'limaml');
    const exported = JSON.parse(outcome.stdout) as Record<string, unknown>;
    const adapts = findModel(model).learns !== 'rows';
    expect(exported).toMatchObject({
      model,
      entities: adapts ? 36 : 0,
      dimensions: adapts ? expect.any(Number) : null,
      verified: { rows: 96, vectors: adapts ? 36 : 0 },
    });
    const { maxAbsError, maxVectorError } = exported['verified'] as Record<string, number>;
    expect(maxAbsError).toBeLessThan(1e-6);
    expect(maxVectorError).toBeLessThan(1e-6);
    const files = readdirSync(join(project.path, 'bundles', model));
    expect(files.includes('embeddings.parquet')).toBe(adapts);
    expect(files.includes('adapt.onnx')).toBe(adapts);

    const command = ['score', '--bundle', `bundles/${model}`, '--quiet'];
    const whole = await run(command, measuredCsv(CELL_NAMES));
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    const lines = whole.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe([...CELL_NAMES, 'probability'].join(','));
    expect(lines).toHaveLength(97);
    const scored = lines.slice(1).map((line) => Number(line.slice(line.lastIndexOf(',') + 1)));
    let worst = 0;
    measured.forEach((row, i) => {
      worst = Math.max(worst, Math.abs(scored[i]! - Number(row[model])));
    });
    expect(worst).toBeLessThan(1e-6);
    // A constant would not show a mix-up of rows; of rates there are as many as pairs of counts.
    expect(new Set(scored).size).toBeGreaterThan(model === 'rates' ? 40 : 80);

    // The same from the log's own columns alone, features looked up; one JSON object a row, in batches.
    const short = measuredCsv(['entity', 'item', 'price']).replace('entity,item', 'member,film');
    const looked = await run([...command, '--lookup', '--json', '--batch', '10'], short);
    expect(looked).toMatchObject({ code: 0, stderr: '' });
    const objects = looked.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(Object.keys(objects[0]!)).toEqual(['member', 'film', 'price', 'probability']);
    objects.forEach(({ probability }, i) => {
      expect(Math.abs((probability as number) - scored[i]!)).toBeLessThan(1e-6);
    });
    expect(objects).toHaveLength(96);
  });
});

describe('a bundle', () => {
  const folder = (): string => join(project.path, 'bundles', 'limaml');
  const manifest = (): BundleManifest =>
    JSON.parse(readFileSync(join(folder(), 'manifest.json'), 'utf8')) as BundleManifest;

  it('names what it was made from', async () => {
    expect(manifest()).toMatchObject({
      format: 'limaml-bundle',
      model: { name: 'limaml', dimensions: 4, maxSupport: 10 },
      parents: { run: runs['limaml'], dataset: { name: 'rich' }, bundle: null, events: null },
      data: { through: 'train', entities: 36 },
    });
    if (process.env['LIMAML_WRITE_FIXTURES'] === undefined) return;
    rmSync(FIXTURE, { recursive: true, force: true });
    mkdirSync(FIXTURE, { recursive: true });
    cpSync(folder(), FIXTURE, { recursive: true });
  });

  it('stays as it was when an export over it fails half-way', async () => {
    const before = manifest();
    const stop = new Error('stopped half-way');
    await expect(
      exportRun({
        run: findRun(runs['limaml']!, project.path, silent),
        outDirectory: folder(),
        through: 'test',
        verify: false,
        progress: (event) => {
          if (event.kind === 'stage' && event.name === 'adapt') throw stop;
        },
      }),
    ).rejects.toBe(stop);
    expect(manifest()).toEqual(before);
    expect(readdirSync(join(project.path, 'bundles')).sort()).toEqual(NAMES.toSorted());
  });

  it('is replaced by a newer one, to which refreshing with the same events comes too', async () => {
    const before = manifest();
    await project.write('new.csv', logCsv());
    const refreshed = await json([
      'refresh',
      '--bundle',
      'bundles/limaml',
      '--events',
      'new.csv',
      '--out',
      'fresh',
    ]);
    await json(['export', runs['limaml']!, '--out', 'bundles/limaml']);
    const after = manifest();
    expect(after.hash).not.toBe(before.hash);
    expect(after.data.through).toBe('test');
    expect(after.data.cutoffMs).toBeGreaterThan(before.data.cutoffMs!);
    expect(readdirSync(join(project.path, 'bundles')).sort()).toEqual(NAMES.toSorted());

    // 504 events, of which the bundle of training rows held the latest 10 an entity at most.
    const { cutoffMs } = after.data;
    expect(refreshed).toMatchObject({ events: 504, adapted: 36, added: 0, from: before.hash, cutoffMs });
    const ids = Array.from({ length: 36 }, (_, m) => `m${m + 1}`);
    const vectorsOf = async (bundle: string): Promise<Float32Array> => {
      const { vectors, found } = await parquetStore.open(bundle, layoutOf(after)).vectors(ids);
      expect([...found]).toEqual(ids.map(() => 1));
      return vectors;
    };
    const vectors = await vectorsOf(join(project.path, 'fresh'));
    const old = await vectorsOf(FIXTURE);
    const exported = await vectorsOf(folder());
    expect(exported).toHaveLength(144);
    let worst = 0;
    let moved = 0;
    exported.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - vectors[i]!));
      moved = Math.max(moved, Math.abs(value - old[i]!));
    });
    expect(worst).toBeLessThan(1e-5);
    expect(moved).toBeGreaterThan(1e-2);
  });

  it('takes the place of nothing but a bundle', async () => {
    await project.write('mine/notes.txt', 'keep me');
    const { code, stderr } = await run(['export', 'rich/latest', '--out', 'mine', '--quiet']);
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toMatch(/^error OUT_NOT_BUNDLE {2}.*mine\n/);
    expect(readdirSync(join(project.path, 'mine'))).toEqual(['notes.txt']);
  });

  it('without vectors has nothing to refresh', async () => {
    const before = readFileSync(join(project.path, 'bundles', 'deep', 'manifest.json'), 'utf8');
    const { code, stderr } = await run([
      'refresh',
      '--bundle',
      'bundles/deep',
      '--events',
      'new.csv',
      '--quiet',
    ]);
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toMatch(/^error REFRESH_NO_VECTORS {2}.*deep\n {2}Model "deep" adapts nothing/);
    expect(readFileSync(join(project.path, 'bundles', 'deep', 'manifest.json'), 'utf8')).toBe(before);
  });
});

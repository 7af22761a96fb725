// `eval.json`: written with its version; the first layout, which had none, reads as the same numbers.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/page/render-report.js';
import { type RunEvaluation, readEvaluation, writeEvaluation } from '../../src/runs/evaluation.js';
import { simulatedReport, simulatedRun } from '../report/simulated-report.js';

// Written by version 0.1.0, before files had a version, from these very rows; points of curves were left out.
const FIRST = new URL('../fixtures/evaluation/version-1.json', import.meta.url);
const run = simulatedRun({ baselines: ['widedeep'], entities: 40, curves: false });
const present = run.evaluation!;

const place = (path: string) => ({ id: 'a', path, experiment: 'small' });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-eval-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<RunEvaluation | null> {
  await writeFile(join(folder, 'eval.json'), text);
  return readEvaluation(place(folder));
}

describe('an evaluation', () => {
  it('reads back as it was written', async () => {
    const written = await writeEvaluation(folder, present, undefined, (path) => writeFile(path, 'rows'));
    expect(written).toMatchObject({ scores: join(folder, 'scores.parquet'), metrics: present.metrics });
    expect(readEvaluation(place(folder))).toEqual(JSON.parse(JSON.stringify(written)));
  });

  it('that is not there is null', () => expect(readEvaluation(place(join(folder, 'none')))).toBeNull());

  it.each([
    ['a later version', { format: 'limaml-evaluation', version: 4, ...present }],
    ['no list of metrics', { format: 'limaml-evaluation', version: 3, ...present, metrics: undefined }],
    ['no models', { format: 'limaml-evaluation', version: 3, ...present, models: {} }],
    ['no list of replays', { format: 'limaml-evaluation', version: 3, ...present, replays: undefined }],
    ['something else', { rows: 1 }],
  ])('of %s is refused', async (_, value) => {
    await expect(read(JSON.stringify(value))).rejects.toThrowError(
      expect.objectContaining({ code: 'RUN_DAMAGED' }),
    );
  });
});

describe('the second layout', () => {
  it('knew frozen vectors alone', async () => {
    const { replays: _, movingHistory: __, ...second } = present;
    const stored = { format: 'limaml-evaluation', version: 2, ...second };
    expect(await read(JSON.stringify(stored))).toEqual(JSON.parse(JSON.stringify(present)));
  });
});

describe('the first layout', () => {
  it('has the same values, intervals and reasons under the same names', async () => {
    const old = (await read(await readFile(FIRST, 'utf8')))!;
    expect(old.models.map(({ model }) => model)).toEqual(['limaml', 'widedeep']);
    const names = Object.keys(old.models[0]!.metrics);
    expect(names.length).toBe(7 + 2 * 3);
    for (const [m, model] of old.models.entries()) {
      for (const name of names) {
        const { note: _, detail: __, ...now } = present.models[m]!.metrics[name]!;
        expect(model.metrics[name], name).toMatchObject(now);
      }
      expect(model.metrics['groupAuc']!.detail).toEqual(present.models[m]!.metrics['groupAuc']!.detail);
      // There were no segments by popularity then.
      const segments = present.models[m]!.segments.filter(({ by }) => by !== 'itemEvents');
      expect(model.segments.length).toBe(segments.length);
      for (const [s, segment] of model.segments.entries()) {
        const now = segments[s]!;
        expect(Object.keys(segment).sort()).toEqual(Object.keys(now).sort());
        for (const name of Object.keys(segment.metrics))
          expect(segment.metrics[name]!.value, name).toBe(now.metrics[name]!.value);
        expect(segment.comparisons).toEqual(now.comparisons);
      }
    }
  });

  it('has the same comparisons, the slope by its distance from 1', async () => {
    const old = (await read(await readFile(FIRST, 'utf8')))!;
    expect(old.comparisons.length).toBe(6 + 2 * 3);
    for (const one of old.comparisons)
      expect(present.comparisons.find(({ metric }) => metric === one.metric)).toEqual(one);
  });

  it('makes a report', async () => {
    const old = await read(await readFile(FIRST, 'utf8'));
    const page = renderReport(simulatedReport('run', [{ ...run, evaluation: old }]));
    expect(page).toContain(old!.models[0]!.metrics['auc']!.value!.toFixed(4));
  });
});

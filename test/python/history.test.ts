// History features by limaml_bundle.py: those of the next day are what prep says when it has the whole log.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { type Folder, temporaryFolder } from '../prep/prep-harness.js';
import { historyLog, NAMES, score, testDay } from '../serving/history-log.js';
import { bundleTables, tableOf } from './bundle-tables.js';
import { askPython, python, SKIPPED } from './python.js';

if (python === undefined) console.warn(SKIPPED);

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

it.skipIf(python === undefined)(
  'are what prep computes, and rows that lack them score as score --lookup says',
  async () => {
    const { bundle, whole } = await historyLog(folder, 'binary');
    const day = await testDay(whole);
    const least = Math.min(...day.map(({ ms }) => ms));
    const rows = day.filter(({ ms }) => ms === least);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    const { history } = await readManifest(bundle);
    const past = await tableOf(bundle, 'history');
    const ids = { entity: rows.map(({ entity }) => entity), item: rows.map(({ item }) => item) };
    const of = Object.fromEntries(history!.features.map((feature) => [feature.name, feature.of]));
    const columns = { user: ids.entity, item: ids.item, time: rows.map(({ ms }) => ms / 1000) };
    const { vectors } = await bundleTables(bundle);
    const [features, scored, early, unknown] = await askPython([
      { op: 'history', bundle, past, ids, ms: rows.map(({ ms }) => ms), of },
      { op: 'score', bundle, columns, vectors, past },
      {
        op: 'score',
        bundle,
        columns: { ...columns, time: columns.time.map(() => 1_000_000_000) },
        vectors,
        past,
      },
      { op: 'score', bundle, columns, vectors },
    ]);
    const found = features as Record<string, number[]>;
    rows.forEach((row, i) => {
      NAMES.forEach((name, f) => {
        expect([name, found[name]![i] ?? Number.NaN]).toEqual([name, row.features[f]]);
      });
    });
    const csv = [
      'user,item,time',
      ...rows.map(({ entity, item, ms }) => `${entity},${item},${ms / 1000}`),
    ].join('\n');
    const expected = await score(bundle, csv, true);
    expected.probability.forEach((probability, i) => {
      expect(Math.abs((scored!['probability'] as number[])[i]! - probability)).toBeLessThan(1e-6);
    });
    expect(early).toMatchObject({ code: 'SCORE_HISTORY_TIME' });
    expect(unknown).toMatchObject({ code: 'SCORE_COLUMN_MISSING' });
  },
);

// `limaml refresh --vectors`: vectors computed elsewhere come into a bundle, once all of them are what they must be.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { openBundle } from '../../src/bundle/open.js';
import { verifyAlone } from '../../src/export/verify-alone.js';
import { silent } from '../../src/progress.js';
import { importVectors } from '../../src/serving/import-vectors.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import { userErrors } from '../prep/prep-harness.js';

let folder: string;
let graph: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-import-'));
  graph = (await readManifest(BUNDLE)).files['adapt.onnx']!.sha256;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Parquet files by name, each what its SELECT gives; a fresh copy of the bundle beside them. */
async function incoming(
  files: Readonly<Record<string, string>>,
): Promise<{ vectors: string; bundle: string }> {
  const base = mkdtempSync(join(folder, 'case-'));
  const [vectors, bundle] = [join(base, 'vectors'), join(base, 'bundle')];
  cpSync(BUNDLE, bundle, { recursive: true });
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  for (const [name, select] of Object.entries(files)) {
    mkdirSync(dirname(join(vectors, name)), { recursive: true });
    await connection.run(`COPY (${select}) TO '${join(vectors, name)}' (FORMAT parquet)`);
  }
  connection.closeSync();
  return { vectors, bundle };
}

/** Rows of `(member, vector)`. */
const rows = (values: string, model = graph): string =>
  `SELECT member, vector, '${model}' AS model FROM (VALUES ${values}) t(member, vector)`;

describe('vectors computed elsewhere', () => {
  it('take the place of those stored, are told of where the member is new, and come a second time for nothing', async () => {
    const { vectors, bundle } = await incoming({
      'b/part-1.parquet': `${rows("('m1', [CAST(1.5 AS DOUBLE), -2, 0.1, 3])")} UNION ALL SELECT ' m3 ', [CAST(0 AS DOUBLE), 0, 0, 1], '${graph}'`,
      'a.parquet': `SELECT 77 AS entity, CAST([1, 2, 3, 4] AS FLOAT[4]) AS vector, '${graph}' AS model, 1700000000000 AS last_event_ms`,
    });
    writeFileSync(join(vectors, '_SUCCESS'), '');
    const before = await readManifest(bundle);
    const run = (): ReturnType<typeof runMain> =>
      runMain(
        ['refresh', '--bundle', 'bundle', '--vectors', 'vectors', '--changed', 'changed.parquet', '--json'],
        {
          cwd: dirname(bundle),
        },
      );
    const first = await run();
    expect(first.stderr).toContain('1 members');
    expect(JSON.parse(first.stdout)).toMatchObject({
      from: before.hash,
      files: 2,
      vectors: 3,
      changed: 3,
      added: 1,
      entities: before.data.entities + 1,
      published: null,
    });
    const after = await openBundle(bundle);
    expect(after.manifest).toMatchObject({
      data: { ...before.data, entities: before.data.entities + 1 },
      parents: { bundle: before.hash, vectors: { file: 'vectors', rows: 3 } },
    });
    const kept = await openBundle(BUNDLE);
    const ids = ['m1', 'm3', '77', 'm2'];
    const { vectors: found } = await after.store.vectors(ids);
    const { vectors: old } = await kept.store.vectors(ids);
    expect([...found.subarray(0, 12)]).toEqual([1.5, -2, Math.fround(0.1), 3, 0, 0, 0, 1, 1, 2, 3, 4]);
    expect([...found.subarray(12)]).toEqual([...old.subarray(12)]);
    // Support stays; a vector that does not rest on it is not held to it.
    const support = after.store.support({ ids: ['m1'] });
    for await (const piece of support) expect(piece.rows).toBeGreaterThan(0);
    await after.close();
    await kept.close();
    expect((await verifyAlone(bundle, silent)).vectors).toBe(before.data.entities - 2);
    expect(readdirSync(dirname(bundle)).sort()).toEqual(['bundle', 'changed.parquet', 'vectors']);
    expect(JSON.parse((await run()).stdout)).toMatchObject({
      hash: after.manifest.hash,
      changed: 0,
      added: 0,
    });
    // The next events adapt the member again, on the rows that the bundle keeps.
    const events = `entity,item,timestamp_ms,label,price\nm1,f2,1700000000000,1,3.5\n`;
    const next = await runMain(['refresh', '--bundle', 'bundle', '--events', '-', '--json'], {
      cwd: dirname(bundle),
      stdin: events,
    });
    expect(JSON.parse(next.stdout)).toMatchObject({ adapted: 1, added: 0 });
    expect((await verifyAlone(bundle, silent)).vectors).toBe(before.data.entities - 1);
    expect(
      (await runMain(['refresh', '--bundle', 'bundle', '--vectors', 'vectors'], { cwd: dirname(bundle) }))
        .stdout,
    ).toContain('3 in 2 files, 2 of them stored already, to 0.000001\n');
  });

  it('count as stored where they are off by no more than asked for', async () => {
    const { bundle, vectors } = await incoming({
      'p.parquet': rows("('m1', [CAST(0.5 AS DOUBLE), -20, 0, 1]), ('m2', [CAST(0 AS DOUBLE), 0, 0, 0])"),
    });
    const importing = (changedAbove?: number) =>
      importVectors({ folder: bundle, outDirectory: bundle, vectors, changedAbove, progress: silent });
    expect(await importing()).toMatchObject({ changed: 2, changedAbove: 1e-6 });
    const stored = (await readManifest(bundle)).hash;
    // Off by up to 9e-7 of numbers to 1, and of 20 by a share of 9e-7; then one of them by a little more.
    const near = await incoming({
      'p.parquet': rows(
        "('m1', [CAST(0.5000009 AS DOUBLE), -20.000018, -9e-7, 0.9999991]), ('m2', [CAST(0 AS DOUBLE), 0, 0, 9e-7])",
      ),
    });
    const again = (changedAbove?: number) =>
      importVectors({
        folder: bundle,
        outDirectory: bundle,
        vectors: near.vectors,
        changedAbove,
        progress: silent,
      });
    expect(await again()).toMatchObject({ vectors: 2, changed: 0, hash: stored });
    expect(await again(9.5e-7)).toMatchObject({ changed: 0 });
    expect(await again(8e-7)).toMatchObject({ changed: 2 });
    expect(await importing(0)).toMatchObject({ changed: 2 });
    expect(await importing(0)).toMatchObject({ changed: 0 });
    const refused = async (...flags: readonly string[]) =>
      (await runMain(['refresh', '--bundle', bundle, ...flags], { cwd: folder })).stderr;
    expect(await refused('--vectors', vectors, '--changed-above', 'little')).toMatch(
      /^error USAGE .*\n.*"little" is none/,
    );
    expect(await refused('--events', 'x', '--changed-above', '0')).toMatch(
      /^error USAGE .*\n.*is for --vectors/,
    );
  });

  it.each([
    [
      'too few numbers',
      () => rows("('m2', [1.0, 2, 3, 4]), ('m1', [1.0, 2, 3])"),
      /^Row 1, counted.*another length than 4/,
    ],
    ['an infinite number', () => rows("('m1', [1.0, 2, 3, 'inf'])"), /^Row 0.*not finite/],
    [
      'a number past 32-bit floats',
      () => rows("('m1', [CAST(1 AS DOUBLE), 2, 3, 1e300])"),
      /^Row 0.*past the range/,
    ],
    ['a missing number', () => rows("('m1', [1.0, 2, 3, NULL])"), /^Row 0.*missing, not finite/],
    [
      'no vector',
      () => `${rows("('m1', [1.0, 2, 3, 4])")} UNION ALL SELECT 'm2', NULL, '${graph}'`,
      /^Row 1.*no "vector"/,
    ],
    ['no member', () => rows("(' ', [1.0, 2, 3, 4])"), /^Row 0.*no "member"/],
    [
      'a member twice',
      () => rows("('m1', [1.0, 2, 3, 4]), ('m1', [1.0, 2, 3, 4])"),
      /^Row 1.*member "m1" again: there are 2/,
    ],
    ['no model', () => `SELECT 'm1' AS member, [1.0, 2, 3, 4] AS vector`, /There is no column "model"/],
    [
      'vectors of texts',
      () => `SELECT 'm1' AS member, ['1'] AS vector, '${graph}' AS model`,
      /Column "vector" is VARCHAR\[\]/,
    ],
    [
      'two columns of members',
      () => `SELECT *, member AS entity FROM (${rows("('m1', [1.0, 2, 3, 4])")})`,
      /one of them is meant/,
    ],
  ])('are refused with %s, by file and row, and nothing is changed', async (_, select, what) => {
    const { vectors, bundle } = await incoming({
      'p.parquet': select().replaceAll('1.0,', 'CAST(1 AS DOUBLE),'),
    });
    const faults = await userErrors(
      importVectors({ folder: bundle, outDirectory: bundle, vectors, progress: silent }),
    );
    expect(faults).toMatchObject([
      { code: 'VECTORS_INVALID', where: join(vectors, 'p.parquet'), what: expect.stringMatching(what) },
    ]);
    expect(await readManifest(bundle)).toEqual(await readManifest(BUNDLE));
  });

  it('are refused where another graph made them, where they are no Parquet, and where there are none', async () => {
    const { vectors, bundle } = await incoming({
      'p.parquet': rows("('m1', [CAST(1 AS DOUBLE), 2, 3, 4])", 'a'.repeat(64)),
    });
    const importing = () =>
      userErrors(importVectors({ folder: bundle, outDirectory: bundle, vectors, progress: silent }));
    expect(await importing()).toMatchObject([
      { code: 'VECTORS_MODEL', what: expect.stringContaining('"model" is aaaaaaaaaaaa,') },
    ]);
    writeFileSync(join(vectors, 'p.parquet'), 'PAR');
    expect(await importing()).toMatchObject([
      { code: 'VECTORS_INVALID', what: expect.stringContaining('cannot be read') },
    ]);
    writeFileSync(join(vectors, 'q.csv'), '');
    expect(await importing()).toMatchObject([{ code: 'VECTORS_FILES', where: join(vectors, 'q.csv') }]);
    rmSync(vectors, { recursive: true });
    expect(await importing()).toMatchObject([{ code: 'VECTORS_FILES', where: vectors }]);
    const both = await runMain(['refresh', '--bundle', 'x', '--events', 'y', '--vectors', 'z'], {
      cwd: folder,
    });
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('or --vectors') });
  });
});

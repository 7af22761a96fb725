// `limaml refresh` on a copy of the committed bundle: what changes, what stays, and what is refused.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, writeManifest } from '../../src/bundle/format/manifest.js';
import { openBundle } from '../../src/bundle/open.js';
import { explainFailure } from '../../src/cli/failure/explain.js';
import { openDatabase, type Row } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { compareVectors } from '../../src/export/verify-vectors.js';
import { silent } from '../../src/progress.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import { type Outcome, ROOT } from '../cli/run-limaml.js';

const HEADER = 'entity,item,timestamp_ms,label,price';
/** After every event of the bundle. */
const LATER = 1_700_000_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-refresh-'));
  cpSync(BUNDLE, join(folder, 'old'), { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function rows(bundle: string, file: string, where = 'true'): Promise<readonly Row[]> {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  const path = quoted(join(folder, bundle, file));
  try {
    return await database.rows(`SELECT * FROM read_parquet(${path}) WHERE ${where} ORDER BY ALL`);
  } finally {
    database.close();
  }
}

const refresh = (lines: readonly string[], flags: readonly string[]): Promise<Outcome> =>
  runMain(['refresh', '--events', '-', ...flags], { cwd: folder, stdin: `${lines.join('\n')}\n` });

async function refreshed(
  lines: readonly string[],
  flags: readonly string[],
): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await refresh(lines, [...flags, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('new events', () => {
  it('move the vectors of their entities and of no others', async () => {
    const before = await readManifest(join(folder, 'old'));
    const events = [
      HEADER,
      `m1,f2,${LATER},1,3.5`,
      `m1,f4,${LATER + 1},0,?`,
      `stranger,f2,${LATER + 5},1,`,
      `m2,f2,${LATER},1,1`,
    ];
    const result = await refreshed(events, ['--bundle', 'old', '--out', 'new']);
    expect(result).toMatchObject({
      events: 4,
      known: 0,
      adapted: 3,
      added: 1,
      entities: 37,
      cutoffMs: LATER + 5,
    });
    expect(await readManifest(join(folder, 'new'))).toMatchObject({
      hash: result['hash'],
      parents: { bundle: before.hash, events: { file: 'standard input', rows: 4 } },
      data: { entities: 37, cutoffMs: LATER + 5 },
    });
    const others = "entity NOT IN ('m1', 'm2', 'stranger')";
    const kept = await rows('new', 'embeddings.parquet', others);
    expect(kept).toHaveLength(34);
    expect(kept).toEqual(await rows('old', 'embeddings.parquet', others));
    expect(await rows('new', 'support.parquet', others)).toEqual(
      await rows('old', 'support.parquet', others),
    );

    const [m1] = await rows('new', 'embeddings.parquet', "entity = 'm1'");
    const [m1Before] = await rows('old', 'embeddings.parquet', "entity = 'm1'");
    expect(m1).toMatchObject({ support: 10, last_event_ms: LATER + 1 });
    expect(m1!['vector']).not.toEqual(m1Before!['vector']);
    const support = await rows('new', 'support.parquet', "entity = 'm1'");
    expect(support.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(support.slice(8)).toEqual([
      { entity: 'm1', place: 8, item: 'f2', timestamp_ms: LATER, label: 1, price: 3.5 },
      { entity: 'm1', place: 9, item: 'f4', timestamp_ms: LATER + 1, label: 0, price: null },
    ]);

    // Every vector is what adapt.onnx makes of the support beside it.
    const bundle = await openBundle(join(folder, 'new'));
    const check = await compareVectors(bundle, 1);
    await bundle.close();
    expect(check.entities).toBe(37);
    expect(check.largest).toBeLessThan(1e-6);
    // The older one is of the version before bundles carried their Python module.
    const module = readFileSync(join(folder, 'new', 'limaml_bundle.py'), 'utf8');
    expect(module).toBe(readFileSync(join(ROOT, 'spark', 'limaml_bundle.py'), 'utf8'));
    expect(readdirSync(join(folder, 'new')).filter((file) => file !== 'limaml_bundle.py')).toEqual(
      readdirSync(join(folder, 'old')),
    );
  });

  it('that come again change nothing, not even a hash, in place or elsewhere', async () => {
    const before = await readManifest(join(folder, 'new'));
    const again = [HEADER, `m1,f4,${LATER + 1},0,?`, `stranger,f2,${LATER + 5},1,`];
    for (const flags of [[], ['--out', 'again']]) {
      const result = await refreshed(again, ['--bundle', 'new', ...flags]);
      expect(result).toMatchObject({
        events: 2,
        known: 2,
        adapted: 0,
        added: 0,
        entities: 37,
        hash: before.hash,
      });
      expect(await readManifest(join(folder, flags[1] ?? 'new'))).toEqual(before);
      await (await openBundle(join(folder, flags[1] ?? 'new'))).close();
    }
    rmSync(join(folder, 'again'), { recursive: true });
    expect(readdirSync(folder).sort()).toEqual(['new', 'old']);
  });

  it('in the columns of the raw log give the same bytes', async () => {
    const own = [
      HEADER,
      `m1,f2,${LATER},1,3.5`,
      `m1,f4,${LATER + 1000},0,?`,
      `stranger,f2,${LATER + 5000},1,`,
    ];
    await refreshed(own, ['--bundle', 'old', '--out', 'own']);
    const seconds = LATER / 1000;
    const log = [
      'film,member,at,price,stars,comment',
      `f2,m1,${seconds},3.5,5,"well, well"`,
      `f4,m1,${seconds + 1},?,3,`,
      `f2,stranger,${seconds + 5},,4,`,
    ];
    const result = await refreshed(log, ['--bundle', 'old', '--out', 'log']);
    expect(result).toMatchObject({ form: 'log', events: 3, known: 0, adapted: 2, added: 1, dropped: {} });
    for (const file of ['embeddings.parquet', 'support.parquet'])
      expect(readFileSync(join(folder, 'log', file)).equals(readFileSync(join(folder, 'own', file)))).toBe(
        true,
      );
    for (const made of ['own', 'log']) rmSync(join(folder, made), { recursive: true });
  });

  it('leave stored rows alone that agree in entity, item and time', async () => {
    cpSync(join(folder, 'old'), join(folder, 'twice'), { recursive: true });
    const support = join(folder, 'twice', 'support.parquet');
    const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
    await database.run(
      `CREATE TABLE rows AS SELECT * REPLACE (CASE WHEN entity = 'm2' AND place = 1 THEN 'f9' ELSE item END AS item)
        FROM read_parquet(${quoted(support)})`,
    );
    await database.run(
      `UPDATE rows SET item = 'f9', timestamp_ms = (SELECT timestamp_ms FROM rows WHERE entity = 'm2' AND place = 1)
        WHERE entity = 'm2' AND place = 2`,
    );
    await database.run(`COPY (FROM rows ORDER BY entity, place) TO ${quoted(support)} (FORMAT parquet)`);
    database.close();
    const {
      format: _f,
      version: _v,
      hash: _h,
      files: _s,
      ...content
    } = await readManifest(join(folder, 'old'));
    await writeManifest(join(folder, 'twice'), content);
    const before = await rows('twice', 'support.parquet', "entity = 'm2'");
    expect(before.filter(({ item }) => item === 'f9')).toHaveLength(2);
    await refreshed([HEADER, `m1,f2,${LATER},1,3`], ['--bundle', 'twice']);
    expect(await rows('twice', 'support.parquet', "entity = 'm2'")).toEqual(before);
    rmSync(join(folder, 'twice'), { recursive: true });
  });

  it('that are none leave the vectors as they were', async () => {
    const result = await refreshed([HEADER], ['--bundle', 'old', '--out', 'same']);
    expect(result).toMatchObject({ events: 0, adapted: 0, entities: 36 });
    expect(await rows('same', 'embeddings.parquet')).toEqual(await rows('old', 'embeddings.parquet'));
    rmSync(join(folder, 'same'), { recursive: true });
  });
});

describe('wrong events', () => {
  it.each([
    [
      ['entity,item,timestamp,label,price'],
      /^error EVENTS_COLUMN_MISSING {2}standard input:1\n.*"timestamp_ms"\. Closest: "timestamp"/,
    ],
    [
      [HEADER, `m1,f2,${LATER},1,3`, 'm1,f2,1700000000,1,3'],
      /^error EVENTS_BAD_VALUE {2}standard input:3 column "timestamp_ms"\n.*"1700000000" is no time in milliseconds/,
    ],
    [
      [HEADER, `m1,f2,${LATER},5,3`],
      /^error EVENTS_BAD_VALUE {2}standard input:2 column "label"\n.*"5" is not a label/,
    ],
    [
      [HEADER, `,f2,${LATER},1,3`],
      /^error EVENTS_BAD_VALUE {2}standard input:2 column "entity"\n.*no entity/,
    ],
    [
      [HEADER, `m1,f2,${LATER},1,cheap`],
      /^error EVENTS_BAD_VALUE {2}standard input:2 column "price"\n {2}"cheap" is not a number/,
    ],
    [[HEADER, `m1,f2,${LATER},1`], /^error EVENTS_BAD_VALUE {2}standard input:2\n.*a row of 4 fields/],
  ])('%j are refused, and the bundle stays', async (lines, pattern) => {
    const before = readFileSync(join(folder, 'old', 'manifest.json'), 'utf8');
    const error: unknown = await refreshBundle({
      folder: join(folder, 'old'),
      outDirectory: join(folder, 'old'),
      events: Readable.from([`${lines.join('\n')}\n`], { objectMode: false }),
      eventsName: 'standard input',
      progress: silent,
    }).catch((reason: unknown) => reason);
    const { exitCode, lines: told } = explainFailure(error, []);
    expect({ exitCode, faults: told.length }).toEqual({ exitCode: 2, faults: 1 });
    expect(`error ${told[0]!.code}  ${told[0]!.where}\n  ${told[0]!.what}`).toMatch(pattern);
    expect(readFileSync(join(folder, 'old', 'manifest.json'), 'utf8')).toBe(before);
    expect(readdirSync(folder).sort()).toEqual(['new', 'old']);
  });

  it('are looked for where --events says, and nothing but a bundle is replaced', async () => {
    const missing = await runMain(['refresh', '--bundle', 'old', '--events', 'none.csv', '--quiet'], {
      cwd: folder,
    });
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error FILE_MISSING .*none\.csv/),
    });
    writeFileSync(join(folder, 'note'), 'mine');
    const taken = await refresh([HEADER], ['--bundle', 'old', '--out', 'note', '--quiet']);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error OUT_NOT_BUNDLE/) });
    rmSync(join(folder, 'note'));
  });
});

// What shards of an export or a refresh write, put together, is what one process writes, to the byte.
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import type { ModelState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { hashBytes } from '../../src/hash.js';
import type { Model } from '../../src/models/contract/definition.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { mergeParts } from '../../src/serving/merge-parts.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, temporaryFolder, userErrors } from '../prep/prep-harness.js';

const MEMBERS = 20;
let folder: Folder;
let dataset: PreparedDataset;
let model: Model;
let state: ModelState;
const at = (...names: readonly string[]): string => join(folder.path, ...names);

beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['user,item,time,label'];
  for (let m = 0; m < MEMBERS; m++)
    for (let n = 0; n < 3 + (m % 6); n++)
      lines.push(`m${m},i${(m * 3 + n * 5) % 8},${1_600_000_000 + 3600 * n + m},${(m + n) % 2}`);
  await folder.write('events.csv', `${lines.join('\n')}\n`);
  ({ dataset } = await prep(folder, plain({ split: { kind: 'per-entity-time', test: 0.2, valid: 0.125 } })));
  model = buildSmall(limaml, dataset, { episodes: { maxSupport: 20 } });
  ({ state } = await train(model, dataset, smallTraining({ epochs: 1 })));
});
afterAll(() => folder.remove());

const run = { id: 'r', options: {}, configHash: '', checkpoint: { file: 'c', sha256: '' } };

type Shard = { readonly index: number; readonly of: number };

const exported = (out: string, tileRows: number, shard?: Shard) =>
  exportBundle({
    model,
    state,
    dataset,
    roles: SELECT_ROLES,
    execution: { ...smallExecution(), tileRows },
    run,
    through: 'test',
    vectors: 'float16',
    shard,
    outDirectory: out,
    progress: silent,
  });

const refreshed = (from: string, events: string, out: string, pieceRows: number, shard?: Shard) =>
  refreshBundle({
    folder: from,
    events: createReadStream(events),
    eventsName: 'new.csv',
    outDirectory: out,
    pieceRows,
    shard,
    progress: silent,
  });

const shards = (of: number): readonly Shard[] => Array.from({ length: of }, (_, index) => ({ index, of }));

/** All at once, as several processes would. */
const parted = async (
  of: number,
  work: (shard: Shard, out: string) => Promise<unknown>,
): Promise<string[]> => {
  const made = shards(of).map((shard) => ({ shard, out: at('parts', String(shard.index)) }));
  await Promise.all(made.map(({ shard, out }) => work(shard, out)));
  // In any order.
  return made.map(({ out }) => out).reverse();
};

const content = (path: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(path).map((name) => [name, hashBytes(readFileSync(join(path, name)))]));

const emptied = (): void => {
  for (const name of ['parts', 'merged', 'whole']) rmSync(at(name), { recursive: true, force: true });
  mkdirSync(at('parts'));
};

it('of an export', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 4, max: 40 }),
      async (of, tileRows) => {
        emptied();
        await exported(at('whole'), tileRows);
        const parts = await parted(of, (shard, out) => exported(out, tileRows, shard));
        const { hash, entities } = await mergeParts({ parts, outDirectory: at('merged'), progress: silent });
        expect([hash, entities]).toEqual([(await readManifest(at('whole'))).hash, MEMBERS]);
        expect(content(at('merged'))).toEqual(content(at('whole')));
      },
    ),
    { numRuns: 2, seed: 1 },
  );
});

it('of a refresh, whatever the events', async () => {
  await exported(at('older'), 64);
  const event = fc.tuple(
    fc.integer({ min: 0, max: MEMBERS + 3 }),
    fc.integer({ min: 0, max: 9 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(event, { maxLength: 25 }),
      async (of, pieceRows, events) => {
        emptied();
        const rows = events.map(([m, i, label], n) => `m${m},i${i},${1_700_000_000 + n},${Number(label)}`);
        writeFileSync(at('new.csv'), `${['user,item,time,label', ...rows].join('\n')}\n`);
        await refreshed(at('older'), at('new.csv'), at('whole'), pieceRows);
        const parts = await parted(of, (shard, out) =>
          refreshed(at('older'), at('new.csv'), out, pieceRows, shard),
        );
        await mergeParts({ parts, older: at('older'), outDirectory: at('merged'), progress: silent });
        expect(content(at('merged'))).toEqual(content(at('whole')));
      },
    ),
    { numRuns: 3, seed: 1, examples: [[2, 3, []]] },
  );
});

it('what is not every shard of one work, once, is refused by name', async () => {
  emptied();
  const [two, one, zero] = await parted(3, (shard, out) => exported(out, 8, shard));
  const refused = async (parts: readonly (string | undefined)[], older?: string) =>
    (
      await userErrors(
        mergeParts({
          parts: parts.map((part) => part!),
          older,
          outDirectory: at('merged'),
          progress: silent,
        }),
      )
    )[0]!;
  expect(await refused([zero, two])).toMatchObject({
    code: 'MERGE_MISSING',
    what: 'There is no shard 1 of 3.',
  });
  expect(await refused([])).toMatchObject({ code: 'MERGE_MISSING' });
  expect(await refused([zero, one, one, two])).toMatchObject({ code: 'MERGE_MIXED', where: one });
  await exported(at('parts', 'other'), 8, { index: 1, of: 4 });
  expect(await refused([zero, at('parts', 'other'), two])).toMatchObject({
    code: 'MERGE_MIXED',
    where: at('parts', 'other'),
  });
  await exported(at('whole'), 8);
  expect(await refused([zero, at('whole'), two])).toMatchObject({
    code: 'BUNDLE_NO_PART',
    where: at('whole'),
  });
  expect(await refused([zero, one, two], at('whole'))).toMatchObject({ code: 'MERGE_MIXED' });
  expect(await userErrors(readManifest(zero!))).toMatchObject([{ code: 'BUNDLE_PART', where: zero }]);
  writeFileSync(at('new.csv'), 'user,item,time,label\nm1,i1,1700000000,1\n');
  const parts = await parted(2, (shard, out) => refreshed(at('whole'), at('new.csv'), out, 5, shard));
  expect(await refused(parts)).toMatchObject({ code: 'MERGE_MISSING' });
  await refreshed(at('whole'), at('new.csv'), at('older'), 5);
  expect(await refused(parts, at('older'))).toMatchObject({ code: 'MERGE_MIXED' });
  expect(readdirSync(folder.path)).not.toContain('merged');
});

// What shards of an export or a refresh write, put together, is what one process writes, to the byte.
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import type { Shard } from '../../src/bundle/format/shard.js';
import { hashBytes } from '../../src/hash.js';
import { silent } from '../../src/progress.js';
import { mergeParts } from '../../src/serving/merge-parts.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import { userErrors } from '../prep/prep-harness.js';
import { MEMBERS, type SmallExport, smallExport } from './small-export.js';

let small: SmallExport;
let exported: SmallExport['exported'];
const at = (...names: readonly string[]): string => join(small.folder.path, ...names);

beforeAll(async () => {
  small = await smallExport();
  ({ exported } = small);
});
afterAll(() => small.folder.remove());

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
  expect(readdirSync(small.folder.path)).not.toContain('merged');
});

// Several writers of one store at once: nothing that any of them brought is lost, and whoever reads meanwhile sees whole bundles only.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, openBundle } from '../../../src/bundle/open.js';
import { storeContent } from '../../../src/bundle/published/manage.js';
import { openPublished } from '../../../src/bundle/published/open-published.js';
import { pushBundle } from '../../../src/bundle/published/push.js';
import { UserError } from '../../../src/errors.js';
import { silent } from '../../../src/progress.js';
import { limaml } from '../../cli/run-limaml.js';
import { BUNDLE } from '../committed-bundle.js';
import { testStores } from './databases.js';

const stores = await testStores();
const WRITERS = [0, 1, 2];
const MEMBERS = 5;
/** Members that only writer `w` brings. */
const membersOf = (w: number): readonly string[] => Array.from({ length: MEMBERS }, (_, n) => `w${w}m${n}`);

let folder: string;
let known: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-writers-'));
  for (const w of WRITERS) {
    const events = membersOf(w).map((id, n) => `${id},f${1 + ((w + n) % 8)},${1_700_000_000_000 + n},1,2`);
    writeFileSync(
      join(folder, `${w}.csv`),
      `${['entity,item,timestamp_ms,label,price', ...events].join('\n')}\n`,
    );
  }
  const bundle = await openBundle(BUNDLE);
  known = bundle.manifest.data.entities;
  await bundle.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The vectors of all that writers bring, once it is held that the bundle has all or none of each, as its manifest says. Closes it. */
async function wholeVectors(bundle: Bundle) {
  try {
    const found = await bundle.store.vectors(WRITERS.flatMap(membersOf));
    const support = new Set<unknown>();
    for await (const { columns } of bundle.store.support({ ids: WRITERS.flatMap(membersOf) }))
      for (const entity of columns.get('entity')!.values) support.add(entity);
    await bundle.requireUnchanged();
    const there = WRITERS.map((w) =>
      found.found.slice(w * MEMBERS, (w + 1) * MEMBERS).reduce((sum, one) => sum + one, 0),
    );
    expect([0, MEMBERS]).toEqual(expect.arrayContaining(there));
    const all = there.reduce((sum, one) => sum + one, 0);
    expect(bundle.manifest.data.entities).toBe(known + all);
    expect(support.size).toBe(all);
    return found;
  } finally {
    await bundle.close();
  }
}

describe.each(stores)('$kind', ({ fresh, missing }) => {
  it.skipIf(missing !== undefined)('keeps what three processes refresh and publish at once', async () => {
    const at = fresh();
    const path = mkdtempSync(join(folder, 'store-'));
    cpSync(BUNDLE, join(path, 'bundle'), { recursive: true });
    const own = join(path, 'bundle');
    await pushBundle({ folder: own, to: at, cwd: '.', progress: silent });
    let writing = true;
    let reads = 0;
    const read = async (open: () => Promise<Bundle>): Promise<void> => {
      while (writing) {
        await wholeVectors(await open()).catch((error: unknown) => {
          // Of the folder: told, rather than mixed.
          if (!(error instanceof UserError) || error.code !== 'BUNDLE_REPLACED') throw error;
        });
        reads++;
      }
    };
    const reading = [read(() => openPublished({ from: at, cwd: '.' })), read(() => openBundle(own))];
    const ended = await Promise.all(
      WRITERS.map((w) =>
        limaml(['refresh', '--bundle', own, '--events', `${w}.csv`, '--to', at, '--quiet'], { cwd: folder }),
      ),
    );
    writing = false;
    await Promise.all(reading);
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(WRITERS.map(() => [0, '']));
    expect(reads).toBeGreaterThan(2);
    const published = await wholeVectors(await openPublished({ from: at, cwd: '.' }));
    expect(published).toEqual(await wholeVectors(await openBundle(own)));
    expect(published.found.every((one) => one === 1)).toBe(true);
    // Each of them was made of the one before.
    expect((await storeContent({ at, cwd: '.' })).bundles).toHaveLength(1 + WRITERS.length);
  });
});

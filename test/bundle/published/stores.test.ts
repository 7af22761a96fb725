// Every store keeps the same contract: what is read of a published bundle is what its files hold, whole, and of one bundle only.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, openBundle } from '../../../src/bundle/open.js';
import { pruneStore, rollBack, storeContent } from '../../../src/bundle/published/manage.js';
import { openPublished } from '../../../src/bundle/published/open-published.js';
import { pushBundle } from '../../../src/bundle/published/push.js';
import { silent } from '../../../src/progress.js';
import { ROOT } from '../../cli/run-limaml.js';
import { testStores } from './databases.js';
import { type Bundles, bundles } from './published-bundles.js';

const cwd = '.';
const stores = await testStores();
let made: Bundles;
beforeAll(async () => {
  made = await bundles();
});
afterAll(() => rmSync(made.folder, { recursive: true }));

const push = (to: string, which: 'old' | 'new', changed = false) =>
  pushBundle({
    folder: made[which],
    to,
    cwd,
    progress: silent,
    ...(changed ? { made: made.made } : {}),
  });

const IDS = ['m1', 'm2', 'nobody', 'stranger', 'm1'];

/** All that a store is asked for. */
async function contentOf(bundle: Bundle): Promise<unknown> {
  const { store, manifest } = bundle;
  const pieces = async (ids: readonly string[]): Promise<unknown> => {
    const rows: unknown[] = [];
    for await (const { columns, rows: count } of store.support({ ids }))
      for (let row = 0; row < count; row++)
        rows.push([...columns].map(([name, { values }]) => [name, values[row]]));
    return rows;
  };
  const none: string[] = [];
  for await (const ids of store.withoutSupport({ ids: IDS })) none.push(...ids);
  const content = {
    hash: manifest.hash,
    vectors: await store.vectors(IDS),
    entity: await store.features('entity', IDS),
    item: await store.features('item', ['f1', 'f2', 'no film']),
    support: await pieces(['m1', 'stranger', 'nobody']),
    none,
    prior: await bundle.prior(),
  };
  await bundle.close();
  return content;
}

const inFolder = async (which: 'old' | 'new') => contentOf(await openBundle(made[which]));
const published = async (from: string, hash?: string) => contentOf(await openPublished({ from, cwd, hash }));

it('is tried on every store that is there', () => {
  expect(stores.map(({ kind }) => kind)).toEqual(['redis', 'postgres', 'sqlite', 'lmdb']);
});

describe.each(stores)('$kind', ({ kind, fresh, missing }) => {
  if (missing !== undefined) {
    it.skip(`is not there: ${missing}`, () => {});
    return;
  }

  it('gives what the files give, takes in what changed, and goes back', async () => {
    const at = fresh();
    const { hash: old } = await inFolder('old').then((content) => content as { hash: string });
    expect(await push(at, 'old')).toMatchObject({ wrote: 'all', before: null });
    expect(await published(at)).toEqual(await inFolder('old'));
    const reader = await openPublished({ from: at, cwd });
    const before = await reader.store.vectors(IDS);
    const changes = await push(at, 'new', true);
    // A vector and the support of each of the two.
    expect(changes).toMatchObject({ wrote: 'changes', rows: 4, before: old });
    expect(await push(at, 'new', true)).toMatchObject({ wrote: 'nothing', rows: 0 });
    expect(await published(at)).toEqual(await inFolder('new'));
    expect(await published(at, old)).toEqual(await inFolder('old'));
    // Who opened the older one goes on with it.
    expect(await reader.store.vectors(IDS)).toEqual(before);
    expect(await rollBack({ at, cwd })).toMatchObject({ current: old, bundles: [{ hash: old }, {}] });
    expect(await published(at)).toEqual(await inFolder('old'));
    await expect(rollBack({ at, cwd })).rejects.toMatchObject({ code: 'STORE_NOTHING_BEFORE' });
    // Serves again without a row written.
    expect(await push(at, 'new')).toMatchObject({ wrote: 'nothing' });
    expect(await pruneStore({ at, cwd, keep: 1 })).toMatchObject({ removed: 0, bundles: [{}, {}] });
    const pruned = await pruneStore({ at, cwd, keep: 0 });
    // The older vector and support of m1, and the older manifest.
    expect(pruned).toMatchObject({ removed: 3, bundles: [{}] });
    expect(await published(at)).toEqual(await inFolder('new'));
    await expect(reader.store.vectors(IDS)).rejects.toMatchObject({ code: 'STORE_VERSION_GONE' });
    await reader.close();
    await expect(published(at, old)).rejects.toMatchObject({ code: 'STORE_NO_BUNDLE' });
  });

  it('shows nothing of a writer that was killed half way, and takes the next one', async () => {
    const at = fresh();
    await push(at, 'old');
    const program = `import { pushBundle } from ${JSON.stringify(pathToFileURL(join(ROOT, 'dist/src/bundle/published/push.js')).href)};
      await pushBundle({ folder: ${JSON.stringify(made.new)}, to: ${JSON.stringify(at)}, cwd: '.', progress: ({ kind }) => {
        if (kind === 'step') process.kill(process.pid, 'SIGKILL');
      } });`;
    const killed = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
    expect(killed.signal).toBe('SIGKILL');
    expect(await published(at)).toEqual(await inFolder('old'));
    await push(at, 'new', true);
    expect(await published(at)).toEqual(await inFolder('new'));
    const { removed } = await pruneStore({ at, cwd, keep: 0 });
    // In a database without transactions what the killed one wrote lay there: now it is gone.
    if (kind === 'redis' || kind === 'lmdb') expect(removed).toBeGreaterThan(30);
    else expect(removed).toBe(3);
    expect(await published(at)).toEqual(await inFolder('new'));
  });

  it('never mixes two bundles for a reader while they are published in turn', async () => {
    const at = fresh();
    await push(at, 'old');
    const expected = [await inFolder('old'), await inFolder('new')];
    let writing = true;
    const seen = new Set<string>();
    const reading = (async () => {
      while (writing) {
        const content = (await published(at)) as { hash: string };
        expect(content).toEqual(expected.find((one) => (one as { hash: string }).hash === content.hash));
        seen.add(content.hash);
      }
    })();
    await Promise.all([push(at, 'new'), push(at, 'old'), push(at, 'new')]);
    for (let turn = 0; turn < 3; turn++) await push(at, turn % 2 === 0 ? 'old' : 'new');
    writing = false;
    await reading;
    expect(seen.size).toBeGreaterThan(0);
    expect((await storeContent({ at, cwd })).bundles).toHaveLength(2);
  });
});

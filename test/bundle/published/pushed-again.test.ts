// A refresh that is published late, twice, or beside another: what serves is what the folder holds, and nothing published is lost unsaid.
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBundle } from '../../../src/bundle/open.js';
import { storeContent } from '../../../src/bundle/published/manage.js';
import { openPublished } from '../../../src/bundle/published/open-published.js';
import { pushBundle } from '../../../src/bundle/published/push.js';
import { silent } from '../../../src/progress.js';
import { alsoPublished } from '../../../src/serving/refresh-and-publish.js';
import { refreshBundle } from '../../../src/serving/refresh-bundle.js';
import { testStores } from './databases.js';
import { type Bundles, bundles, EVENTS } from './published-bundles.js';

const cwd = '.';
const stores = await testStores();
let made: Bundles;
beforeAll(async () => {
  made = await bundles();
});
afterAll(() => rmSync(made.folder, { recursive: true }));

const refreshing = (path: string, text: string) => ({
  folder: path,
  outDirectory: path,
  events: Readable.from([text], { objectMode: false }),
  eventsName: 'new.csv',
  progress: silent,
});
const published = (path: string, text: string, to: string) =>
  alsoPublished({ to, cwd, changed: undefined, progress: silent }, (changed, whenMade) =>
    refreshBundle({ ...refreshing(path, text), changed, whenMade }),
  );
const vectorsOf = async (opening: ReturnType<typeof openBundle>) => {
  const bundle = await opening;
  const { store, manifest } = bundle;
  const found = await store.vectors(['m1', 'm2', 'stranger', 'other']);
  await bundle.close();
  return { hash: manifest.hash, ...found };
};
const served = (from: string) => vectorsOf(openPublished({ from, cwd }));
const copyOf = (path: string): string => {
  const copy = join(mkdtempSync(join(made.folder, 'copy-')), 'bundle');
  cpSync(path, copy, { recursive: true });
  return copy;
};

describe.each(stores)('$kind', ({ fresh, missing }) => {
  it.skipIf(missing !== undefined)(
    'gets all of a refresh that was killed before it was published',
    async () => {
      const [at, path] = [fresh(), copyOf(made.old)];
      await pushBundle({ folder: path, to: at, cwd, progress: silent });
      await refreshBundle(refreshing(path, EVENTS));
      // The same command again: nothing is new to the folder, and all of it to the store.
      expect((await published(path, EVENTS, at)).published).toMatchObject({ wrote: 'all' });
      expect(await served(at)).toEqual(await vectorsOf(openBundle(path)));
      expect(await served(at)).not.toEqual(await vectorsOf(openBundle(made.old)));
      expect((await published(path, EVENTS, at)).published).toMatchObject({ wrote: 'nothing' });
    },
  );

  it.skipIf(missing !== undefined)('does not lose what another folder published since', async () => {
    const [at, one, other] = [fresh(), copyOf(made.old), copyOf(made.old)];
    await pushBundle({ folder: one, to: at, cwd, progress: silent });
    expect((await published(one, EVENTS, at)).published).toMatchObject({ wrote: 'changes' });
    const theirs = await served(at);
    const late = EVENTS.replace('stranger', 'other');
    const moved = {
      code: 'STORE_MOVED_ON',
      next: expect.stringContaining(`limaml store push '${at}' --bundle ${other}`),
    };
    await expect(published(other, late, at)).rejects.toMatchObject(moved);
    // Nor when it comes again, with nothing new.
    await expect(published(copyOf(made.old), EVENTS.split('\n')[0]!, at)).rejects.toMatchObject({
      code: 'STORE_MOVED_ON',
    });
    expect(await served(at)).toEqual(theirs);
    await pushBundle({ folder: other, to: at, cwd, progress: silent });
    expect(await served(at)).toEqual(await vectorsOf(openBundle(other)));
    expect((await storeContent({ at, cwd })).bundles).toHaveLength(3);
  });

  it.skipIf(missing !== undefined)(
    'shows nothing of a folder that was replaced while it was read',
    async () => {
      const [at, path, next] = [fresh(), copyOf(made.new), copyOf(made.old)];
      await pushBundle({ folder: made.old, to: at, cwd, progress: silent });
      const before = await served(at);
      let replaced = false;
      const pushing = pushBundle({
        folder: path,
        to: at,
        cwd,
        progress: ({ kind }) => {
          if (kind !== 'step' || replaced) return;
          replaced = true;
          renameSync(path, `${path}-older`);
          renameSync(next, path);
        },
      });
      await expect(pushing).rejects.toMatchObject({ code: 'BUNDLE_REPLACED', where: path });
      expect(replaced).toBe(true);
      expect(await served(at)).toEqual(before);
      const stale = { folder: made.old, to: at, cwd, made: made.made, progress: silent };
      await expect(pushBundle(stale)).rejects.toMatchObject({ code: 'BUNDLE_REPLACED' });
    },
  );
});

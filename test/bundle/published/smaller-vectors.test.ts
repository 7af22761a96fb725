// Vectors of 16 and 8 bits in every store: a store gives the numbers that the bundle's files give, to the bit, and goes back to them.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, openBundle } from '../../../src/bundle/open.js';
import { rollBack } from '../../../src/bundle/published/manage.js';
import { openPublished } from '../../../src/bundle/published/open-published.js';
import { pushBundle } from '../../../src/bundle/published/push.js';
import { silent } from '../../../src/progress.js';
import { type SmallExport, smallExport } from '../../serving/small-export.js';
import { testStores } from './databases.js';

const cwd = '.';
const TYPES = ['float16', 'int8', 'float32'] as const;
const IDS = ['m1', 'nobody', 'm19'];
const stores = await testStores();
let small: SmallExport;
beforeAll(async () => {
  small = await smallExport();
  for (const type of TYPES) await small.exported(join(small.folder.path, type), 64, undefined, type);
});
afterAll(() => small.folder.remove());

async function vectorsOf(bundle: Bundle) {
  const found = await bundle.store.vectors(IDS);
  await bundle.close();
  return found;
}

describe.each(stores)('$kind', ({ fresh, missing }) => {
  it.skipIf(missing !== undefined)('keeps vectors of each type beside each other', async () => {
    const at = fresh();
    const own = async (type: string) => vectorsOf(await openBundle(join(small.folder.path, type)));
    const served = async () => vectorsOf(await openPublished({ from: at, cwd }));
    for (const type of TYPES) {
      await pushBundle({ folder: join(small.folder.path, type), to: at, cwd, progress: silent });
      const found = await served();
      expect(found).toEqual(await own(type));
      expect([...found.found]).toEqual([1, 0, 1]);
      expect(found.vectors.some((value) => value !== 0)).toBe(true);
    }
    // They differ, so that no type was taken for another.
    expect(await own('float16')).not.toEqual(await own('float32'));
    expect(await own('int8')).not.toEqual(await own('float16'));
    await rollBack({ at, cwd });
    expect(await served()).toEqual(await own('int8'));
  });
});

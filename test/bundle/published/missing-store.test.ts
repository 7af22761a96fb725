// A store that is only read is not made: a path that was mistyped is refused. And one file of SQLite with two names.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeAddress } from '../../../src/bundle/published/address.js';
import { openStore } from '../../../src/bundle/published/open-store.js';
import { runMain } from '../../cli/in-process.js';
import { testStores } from './databases.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-missing-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['sqlite:typo.db', 'lmdb:typo'])('%s', (store) => {
  it.each([
    ['score', '--from', store],
    ['serve', '--from', store, '--port', '0'],
    ['store', 'show', store],
    ['store', 'rollback', store],
    ['store', 'prune', store],
  ])('is refused by %s %s, which makes nothing', async (...args) => {
    const { code, stderr, stdout } = await runMain([...args, '--quiet'], { cwd: folder });
    expect(stderr).toMatch(new RegExp(`^error STORE_MISSING {2}${store}\n`));
    expect(stderr).toContain(`limaml store push '${store}'`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

const [, , sqlite] = await testStores();

describe.skipIf(sqlite!.missing !== undefined)('a second name in one file of SQLite', () => {
  it('is read while the first one is written for the first time, and written after it', async () => {
    const path = `sqlite:${join(folder, 'two.db')}`;
    const [one, two] = [storeAddress(`${path}?name=one`, '.'), storeAddress(`${path}?name=two`, '.')];
    const first = await openStore(one, 'make');
    const steps: string[] = [];
    let second: Promise<unknown> | undefined;
    await first.write(async (writer) => {
      const reader = await openStore(two, 'refuse');
      expect(await reader.catalogue()).toBeUndefined();
      expect(await reader.get(['v:m1'], [[1, 1]])).toEqual([undefined]);
      for await (const _keys of reader.scan('')) throw new Error('an empty store has keys');
      second = reader
        .write(async (other) => {
          steps.push('second');
          await other.put([{ key: 'v:m1', version: other.version, value: Uint8Array.of(2) }]);
          await other.commit('two');
          // The same driver, which has seen no tables before.
          expect(await reader.catalogue()).toBe('two');
          expect(await reader.get(['v:m1'], [[1, 1]])).toEqual([Uint8Array.of(2)]);
        })
        .finally(() => reader.close());
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push('first');
      await writer.commit('one');
    });
    await second;
    expect(steps).toEqual(['first', 'second']);
    expect(await first.catalogue()).toBe('one');
    await first.close();
    expect(existsSync(join(folder, 'two.db'))).toBe(true);
  });
});

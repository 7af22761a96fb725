// What a store refuses, and how: addresses, clients that are missing, servers that are not there, catalogues of others.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeAddress } from '../../../src/bundle/published/address.js';
import {
  bundleIn,
  catalogueText,
  readCatalogue,
  withBundle,
} from '../../../src/bundle/published/catalogue.js';
import { loadClient, reaching } from '../../../src/bundle/published/load-client.js';
import { openPublished } from '../../../src/bundle/published/open-published.js';
import { openStore } from '../../../src/bundle/published/open-store.js';
import { runMain } from '../../cli/in-process.js';
import { BUNDLE } from '../committed-bundle.js';
import { testStores } from './databases.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const [redis, , , lmdb] = await testStores();

describe('an address', () => {
  it('names a store, its part of it, and shows no password', () => {
    expect(storeAddress('redis://me:secret@host:1/2?name=shop&lease=5', '/srv')).toEqual({
      kind: 'redis',
      target: 'redis://me:secret@host:1/2',
      name: 'shop',
      leaseMs: 5000,
      shown: 'redis://me:…@host:1/2?name=shop&lease=5',
    });
    expect(storeAddress('postgresql://host/db?sslmode=require', '/srv')).toMatchObject({
      kind: 'postgres',
      target: 'postgresql://host/db?sslmode=require',
      name: 'limaml',
    });
    expect(storeAddress('sqlite:some/file.db', '/srv').target).toBe('/srv/some/file.db');
    for (const wrong of ['mysql://host', 'lmdb:', 'redis://h?name=A-B', 'postgres://h/d?lease=0', 'folder'])
      expect(() => storeAddress(wrong, '/')).toThrow(/no address of a store/);
  });
});

it('a client that is missing, or a server, is told with what to do', async () => {
  await expect(loadClient('limaml-no-such-client', 'redis://x')).rejects.toMatchObject({
    code: 'STORE_CLIENT_MISSING',
    next: 'Get it with: npm install limaml-no-such-client',
  });
  const failing = reaching('redis://x', () => Promise.reject(new Error('connection refused')));
  await expect(failing).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
});

describe('a catalogue', () => {
  const bundle = (hash: string) => ({ hash, entities: 1, cutoffMs: null });
  it('gives a bundle the versions of the one it was made from, and its own', () => {
    const first = readCatalogue(catalogueText(withBundle(undefined, bundle('a'), 3, undefined)), 's');
    const second = readCatalogue(catalogueText(withBundle(first, bundle('b'), 4, first!.bundles[0])), 's');
    // 5 was somebody's who never came to an end.
    const third = withBundle(second, bundle('c'), 6, second!.bundles[1]);
    expect(third.bundles.map(({ hash, visible, before }) => [hash, visible, before])).toEqual([
      ['a', [[3, 3]], null],
      ['b', [[3, 4]], 'a'],
      [
        'c',
        [
          [3, 4],
          [6, 6],
        ],
        'b',
      ],
    ]);
  });
  it('is refused where it is none, and where the bundle is not in it', () => {
    for (const text of ['{}', 'no json', '{"format":"limaml-store","version":2}'])
      expect(() => readCatalogue(text, 's')).toThrow(
        expect.objectContaining({ code: 'STORE_DAMAGED', where: 's' }),
      );
    expect(() => bundleIn(undefined, 's')).toThrow(/Nothing was published/);
  });
});

it.skipIf(redis!.missing !== undefined)('a writer whose lock is gone writes nothing more', async () => {
  const address = storeAddress(redis!.fresh(), '.');
  const [first, second] = [await openStore(address, 'make'), await openStore(address, 'make')];
  const { createClient } = await loadClient<{
    createClient(options: object): {
      connect(): Promise<unknown>;
      del(key: string): Promise<unknown>;
      close(): Promise<void>;
    };
  }>('redis', '');
  const client = createClient({ url: address.target });
  await client.connect();
  await first.write(async (writer) => {
    const row = { key: 'v:a', version: writer.version, value: Uint8Array.of(1) };
    await writer.put([row]);
    await client.del(`{${address.name}}:writing`);
    await second.write((other) => other.commit('{}'));
    await expect(writer.put([row])).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' });
    await expect(writer.commit('mine')).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' });
  });
  expect(await first.catalogue()).toBe('{}');
  for (const one of [client, first, second]) await one.close();
});

describe.skipIf(lmdb!.missing !== undefined)('the command line', () => {
  const limaml = (...args: readonly string[]) => runMain([...args, '--quiet'], { cwd: folder });

  it('publishes, shows, scores and rolls back', async () => {
    await (await openStore(storeAddress('lmdb:kept', folder), 'make')).close();
    expect(await limaml('store', 'show', 'lmdb:kept', '--json')).toMatchObject({ code: 0 });
    await expect(openPublished({ from: 'lmdb:kept', cwd: folder })).rejects.toMatchObject({
      code: 'STORE_EMPTY',
    });
    expect(await limaml('store', 'push', 'lmdb:kept', '--bundle', BUNDLE)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^published +lmdb:kept: all \d+ rows$/m),
    });
    writeFileSync(
      join(folder, 'new.csv'),
      'entity,item,timestamp_ms,label,price\nm1,f2,1700000000000,1,3.5\n',
    );
    const refresh = ['refresh', '--bundle', BUNDLE, '--events', 'new.csv', '--out', 'newer'];
    expect(await limaml(...refresh, '--to', 'lmdb:kept')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^published +lmdb:kept: 2 rows that changed$/m),
    });
    const rows = 'entity,item,price\nm1,f3,1983\nnobody,f1,2\n';
    const score = async (...flags: readonly string[]) => {
      const { Readable } = await import('node:stream');
      const stdin = Readable.from([rows], { objectMode: false });
      const { stdout, stderr } = await runMain(['score', '--lookup', '--quiet', ...flags], {
        cwd: folder,
        stdin,
      });
      expect(stderr).toBe('');
      return stdout;
    };
    const newer = await score('--bundle', 'newer');
    const older = await score('--bundle', BUNDLE);
    expect(newer).not.toBe(older);
    expect(await score('--from', 'lmdb:kept')).toBe(newer);
    expect(await score('--from', 'lmdb:kept', '--bundle', BUNDLE)).toBe(older);
    expect(await limaml('store', 'rollback', 'lmdb:kept')).toMatchObject({ code: 0 });
    expect(await score('--from', 'lmdb:kept')).toBe(older);
    expect((await limaml('store', 'prune', 'lmdb:kept')).stdout).toMatch(/^removed +3 rows$/m);
  });

  it('says what is wrong', async () => {
    expect((await limaml('store')).stderr).toMatch(/^error USAGE_MISSING_ARGUMENT/);
    expect((await limaml('score')).stderr).toMatch(/^error USAGE_MISSING_FLAG {2}limaml score/);
    const intoFile = await limaml('store', 'push', 'lmdb:new.csv', '--bundle', BUNDLE);
    expect(intoFile.stderr).toMatch(/^error STORE_UNREACHABLE/);
    expect((await limaml('store', 'show', 'mysql://x')).stderr).toMatch(/^error STORE_ADDRESS/);
  });
});

// The manifest proves itself: no changed character of it goes unnoticed, in the descriptor as little as in the figures.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashJson } from '../../src/hash.js';
import { readManifest } from '../../src/prepared/read-manifest.js';
import { randomStream } from '../../src/random.js';
import { type Folder, plain, prep, temporaryFolder } from '../prep/prep-harness.js';

let folder: Folder;
let path: string;
let written: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  const rows = Array.from({ length: 40 }, (_, n) => `u${n % 4},i${n % 3},${n},${n % 2},${n / 8}\n`);
  await folder.write('events.csv', `user,item,time,label,price\n${rows.join('')}`);
  const features = [{ name: 'price', side: 'event', kind: 'numeric' }] as const;
  path = (await prep(folder, plain({ features: [...features] }))).result.path;
  written = readFileSync(join(path, 'manifest.json'), 'utf8');
});
afterAll(() => folder.remove());

/** What becomes of reading the manifest with this text. */
async function reading(text: string): Promise<string> {
  writeFileSync(join(path, 'manifest.json'), text);
  return readManifest(path).then(
    () => 'read',
    ({ code }: { code: string }) => code,
  );
}

it('is the hash of all else in it, however it is laid out', async () => {
  const { sha256, ...rest } = JSON.parse(written) as Record<string, unknown>;
  expect(sha256).toBe(hashJson(rest));
  expect(await reading(JSON.stringify(JSON.parse(written)))).toBe('read');
  // Another program need not write it.
  expect(await reading(JSON.stringify(rest))).toBe('read');
});

it('notices any letter or digit that is another', async () => {
  const random = randomStream(1, 'manifest');
  const places = [...written.matchAll(/[0-9a-z]/gi)].map(({ index }) => index);
  // Of the hash's own name, a change makes it another key: then it is not there.
  const own = written.indexOf('"sha256": "', written.lastIndexOf('}', written.length - 3));
  let tried = 0;
  while (tried < 150) {
    const at = places[random.integer(places.length)]!;
    if (at >= own && at < own + 9) continue;
    tried += 1;
    const other = written[at] === '7' ? '8' : '7';
    const text = `${written.slice(0, at)}${other}${written.slice(at + 1)}`;
    expect(await reading(text), text.slice(at - 20, at + 20)).toMatch(/^PREPARED_/);
  }
});

it('notices a doubled mean and a descriptor in other words, which no file’s hash could', async () => {
  const manifest = JSON.parse(written) as {
    descriptor: { columns: Record<string, unknown> };
    features: { transform: { mean: number } }[];
  };
  expect(manifest.features).toHaveLength(1);
  const doubled = structuredClone(manifest);
  doubled.features[0]!.transform.mean *= 2;
  expect(await reading(JSON.stringify(doubled))).toBe('PREPARED_DAMAGED');
  const other = structuredClone(manifest);
  other.descriptor.columns['entity'] = 'item';
  expect(await reading(JSON.stringify(other))).toBe('PREPARED_DAMAGED');
});

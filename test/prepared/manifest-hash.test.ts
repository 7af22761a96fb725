// The hash beside a manifest proves it: no changed character of it goes unnoticed, in the descriptor as little as in the figures.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('is read as it was written; another program need not leave a hash', async () => {
  expect(await reading(written)).toBe('read');
  const hash = join(path, 'manifest.sha256');
  const noted = readFileSync(hash);
  rmSync(hash);
  expect(await reading(JSON.stringify(JSON.parse(written)))).toBe('read');
  writeFileSync(hash, noted);
  expect(await reading(JSON.stringify(JSON.parse(written)))).toBe('PREPARED_DAMAGED');
});

it('notices any letter or digit that is another', async () => {
  const random = randomStream(1, 'manifest');
  const places = [...written.matchAll(/[0-9a-z]/gi)].map(({ index }) => index);
  for (let tried = 0; tried < 150; tried++) {
    const at = places[random.integer(places.length)]!;
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

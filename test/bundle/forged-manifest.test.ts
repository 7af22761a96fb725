// A manifest with a fitting hash is still held to what a manifest is: nothing of it is believed for its hash alone.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { hashJson } from '../../src/hash.js';
import { BUNDLE } from './committed-bundle.js';

type Manifest = {
  model: Record<string, unknown>;
  inputs: { adapt: { name: string }[] };
  data: Record<string, unknown>;
};

let folder: string;
let written: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-forged-'));
  cpSync(BUNDLE, folder, { recursive: true });
  written = readFileSync(join(folder, 'manifest.json'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads the manifest after a change and with a hash that fits it. */
function forged(change: (manifest: Manifest) => void) {
  const { hash: _, ...body } = JSON.parse(written) as Manifest & { hash: string };
  change(body);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...body, hash: hashJson(body) }));
  return readManifest(folder);
}

it('is read where nothing is changed', async () => {
  await expect(forged(() => undefined)).resolves.toMatchObject({ format: 'limaml-bundle' });
});

it.each<[string, (manifest: Manifest) => void]>([
  ['an input that is there twice', ({ inputs }) => inputs.adapt.push({ ...inputs.adapt[0]! })],
  ['an input without a name', ({ inputs }) => inputs.adapt.push({} as { name: string })],
  [
    'SQL for a number',
    ({ model }) => {
      model['maxSupport'] = "5; COPY (SELECT 1) TO 'x'";
    },
  ],
  [
    'a vector of half a number',
    ({ model }) => {
      model['dimensions'] = 3.5;
    },
  ],
  [
    'a count below 0',
    ({ data }) => {
      data['entities'] = -1;
    },
  ],
])('is refused with %s', async (_, change) => {
  await expect(forged(change)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' });
});

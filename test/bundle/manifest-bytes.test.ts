// A manifest that is read and written again has the same bytes: shards that are merged are the single run to the byte.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { BUNDLE } from './committed-bundle.js';

it('of features of every kind, whose schema has another order of keys', async () => {
  const manifest = await readManifest(BUNDLE);
  const kinds = manifest.descriptor?.features.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBeGreaterThan(2);
  const written = readFileSync(join(BUNDLE, 'manifest.json'), 'utf8');
  expect(`${JSON.stringify(manifest, null, 2)}\n`).toBe(written);
});

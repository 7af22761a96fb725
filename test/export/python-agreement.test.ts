// The committed bundle: our ONNX Runtime gives what Python's gave, and a file that is not as it was written is refused.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { type Bundle, openBundle } from '../../src/bundle/open.js';
import { compareVectors } from '../../src/export/verify-vectors.js';
import { adaptStored } from '../../src/serving/adapt-stored.js';
import { BUNDLE, pythonRecord } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';

const record = pythonRecord();
let bundle: Bundle;
beforeAll(async () => {
  bundle = await openBundle(BUNDLE);
});
afterAll(() => bundle.close());

describe('in Python', () => {
  it('the same bundle loaded and agreed with the files', () => {
    expect(record.bundle).toBe(bundle.manifest.hash);
    expect(Object.keys(record.worst)).toEqual(['vector', 'prior', 'probability']);
    for (const error of Object.values(record.worst)) expect(error).toBeLessThan(1e-6);
  });

  it('rows got the probabilities that limaml score gives', async () => {
    const { code, stdout } = await runMain(['score', '--bundle', BUNDLE, '--json'], { stdin: record.csv });
    expect(code).toBe(0);
    const scored = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { probability: number }).probability);
    expect(scored).toHaveLength(40);
    expect(new Set(record.probability).size).toBeGreaterThan(30);
    scored.forEach((probability, row) => {
      expect(Math.abs(probability - record.probability[row]!)).toBeLessThan(1e-6);
    });
  });

  it('support rows were adapted to the vectors that adapt.onnx gives here', async () => {
    const seen = new Set<string>();
    const all = bundle.store.support({ share: 1, seed: 1 });
    for await (const { entities, vectors } of adaptStored(bundle, all))
      entities.forEach((entity, i) => {
        seen.add(entity);
        record.vectors[entity]!.forEach((expected, d) => {
          expect(Math.abs(vectors[i * 4 + d]! - expected)).toBeLessThan(1e-6);
        });
      });
    expect(seen.size).toBe(36);
    expect(new Set(Object.values(record.vectors).map(String)).size).toBe(36);
  });
});

describe('a bundle', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'limaml-bundle-'));
    cpSync(BUNDLE, folder, { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is refused when any of its files is changed or gone', async () => {
    const files = Object.keys(bundle.manifest.files);
    expect(files.sort()).toEqual([
      'README.md',
      'adapt.onnx',
      'embeddings.parquet',
      'entities.parquet',
      'items.parquet',
      'prior.json',
      'score.onnx',
      'support.parquet',
    ]);
    for (const file of files) {
      const path = join(folder, file);
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      changed[bytes.length >> 1]! ^= 1;
      writeFileSync(path, changed);
      await expect(openBundle(folder)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED', where: path });
      rmSync(path);
      await expect(openBundle(folder)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED', where: path });
      writeFileSync(path, bytes);
    }
    await (await openBundle(folder)).close();
  });

  it('is refused when its manifest is changed, of another version, or none', async () => {
    const path = join(folder, 'manifest.json');
    const manifest = readFileSync(path, 'utf8');
    writeFileSync(path, manifest.replace('"entities": 36', '"entities": 37'));
    await expect(readManifest(folder)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED', where: path });
    writeFileSync(path, manifest.replace('"version": 3', '"version": 2'));
    await expect(readManifest(folder)).rejects.toMatchObject({
      code: 'BUNDLE_VERSION',
      what: 'The format is "limaml-bundle" version 2; this program reads "limaml-bundle" versions 3, 4.',
    });
    writeFileSync(path, '{');
    await expect(readManifest(folder)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED', where: path });
    writeFileSync(path, manifest);
    await expect(readManifest(join(folder, 'elsewhere'))).rejects.toMatchObject({ code: 'BUNDLE_MISSING' });
  });

  it('fails its check when the stored vectors are not what the graph gives', async () => {
    const right = await compareVectors(bundle, 1);
    expect(right.entities).toBe(36);
    expect(right.largest).toBeLessThan(1e-6);
    const damaged: Bundle = {
      ...bundle,
      adapt: async () => {
        const adapt = await bundle.adapt();
        return {
          ...adapt,
          run: async (feeds) => {
            const { vector } = await adapt.run(feeds);
            return {
              vector: { ...vector!, data: Float32Array.from(vector!.data as Float32Array, (v) => v + 1e-3) },
            };
          },
        };
      },
    };
    expect((await compareVectors(damaged, 1)).largest).toBeGreaterThan(5e-4);
  });
});

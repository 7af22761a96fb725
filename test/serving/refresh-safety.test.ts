// What must not happen to a bundle: vectors that are no numbers, events lost between two writers, files of two bundles mixed.
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, writeManifest } from '../../src/bundle/format/manifest.js';
import { type Bundle, openBundle } from '../../src/bundle/open.js';
import { silent } from '../../src/progress.js';
import { readNewEvents } from '../../src/serving/events/read-new-events.js';
import { updateSupport } from '../../src/serving/update-support.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { limaml } from '../cli/run-limaml.js';
import { userErrors } from '../prep/prep-harness.js';

const HEADER = 'entity,item,timestamp_ms,label,price';
const LATER = 1_700_000_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-safety-'));
  cpSync(BUNDLE, join(folder, 'bundle'), { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a bundle', () => {
  it('takes no vector that is not finite', async () => {
    const bundle = await openBundle(join(folder, 'bundle'));
    const broken: Bundle = {
      ...bundle,
      adapt: async () => {
        const adapt = await bundle.adapt();
        const run: typeof adapt.run = async (feeds) => {
          const { vector } = await adapt.run(feeds);
          return {
            vector: {
              ...vector!,
              data: Float32Array.of(...(vector!.data as Float32Array).fill(Number.NaN, 5)),
            },
          };
        };
        return { ...adapt, run };
      },
    };
    const text = `${HEADER}\nm1,f2,${LATER},1,3\nm2,f2,${LATER},1,3\n`;
    const events = await readNewEvents(Readable.from([Buffer.from(text)]), 'new.csv', bundle.manifest);
    const put: string[] = [];
    const writer = {
      putVectors: () => void put.push('vectors'),
      putSupport: () => void put.push('support'),
      putFeatures: () => void put.push('features'),
      finish: async () => ({ entities: 0, supportRows: 0, cutoffMs: null }),
      close: async () => undefined,
    };
    // Of 4 numbers each, the sixth is the second entity's.
    expect(await userErrors(updateSupport(broken, events, writer, silent))).toMatchObject([
      { code: 'EVENTS_NOT_FINITE', where: 'entity m2' },
    ]);
    expect(put).toEqual([]);
    await events.close();
    await bundle.close();
  });

  it('keeps the events of two refreshes at once', async () => {
    for (const name of ['a', 'b']) {
      const lines = Array.from({ length: 30 }, (_, n) => `new${name}${n},f1,${LATER + n},1,2`);
      writeFileSync(join(folder, `${name}.csv`), `${HEADER}\n${lines.join('\n')}\n`);
    }
    const before = await readManifest(join(folder, 'bundle'));
    const ended = await Promise.all(
      ['a.csv', 'b.csv'].map((events) =>
        limaml(['refresh', '--bundle', 'bundle', '--events', events, '--quiet'], { cwd: folder }),
      ),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const after = await readManifest(join(folder, 'bundle'));
    expect(after.data.entities).toBe(before.data.entities + 60);
    expect(readdirSync(folder).sort()).toEqual(['a.csv', 'b.csv', 'bundle']);
  });

  it('that was replaced while it was read is told', async () => {
    const bundle = await openBundle(join(folder, 'bundle'));
    await bundle.requireUnchanged();
    const { format: _f, version: _v, hash: _h, files: _s, ...content } = bundle.manifest;
    await writeManifest(join(folder, 'bundle'), { ...content, limaml: 'another' });
    expect(await userErrors(bundle.requireUnchanged())).toMatchObject([
      { code: 'BUNDLE_REPLACED', where: join(folder, 'bundle') },
    ]);
    // A table that is not of this bundle any more: not a fault of ours.
    writeFileSync(join(folder, 'bundle/embeddings.parquet'), 'another');
    expect(await userErrors(bundle.store.vectors(['m1']))).toMatchObject([{ code: 'BUNDLE_REPLACED' }]);
    await bundle.close();
  });
});

describe('a manifest with a fitting hash', () => {
  it.each([
    ['maxSupport', { maxSupport: "5; COPY (SELECT 1) TO 'x'" }],
    ['dimensions', { dimensions: 0 }],
  ])('is refused where %s is no such number', async (key, change) => {
    const path = join(folder, `bad-${key}`);
    cpSync(BUNDLE, path, { recursive: true });
    const { format: _f, version: _v, hash: _h, files: _s, ...content } = await readManifest(path);
    await writeManifest(path, { ...content, model: { ...content.model, ...change } as never });
    expect(await userErrors(openBundle(path))).toMatchObject([
      { code: 'BUNDLE_DAMAGED', what: expect.stringContaining(`model.${key}`) },
    ]);
    rmSync(path, { recursive: true });
  });
});

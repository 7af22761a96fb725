// What an export takes as support, which IDs its graphs know, and that its check sees a bundle that is not the model's.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import type { BundleManifest } from '../../src/bundle/format/manifest-schema.js';
import { layoutOf, openBundle } from '../../src/bundle/open.js';
import { storeNamed } from '../../src/bundle/store/registry.js';
import type { ModelState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { verifyBundle } from '../../src/export/verify-bundle.js';
import type { Model } from '../../src/models/contract/definition.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { type ProgressEvent, silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, temporaryFolder, userErrors } from '../prep/prep-harness.js';

let folder: Folder;
let dataset: PreparedDataset;
let model: Model;
let state: ModelState;

/** Ten rows each of twelve members: seven to train on, one valid, two test; m0 meets an item of its own at the end. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['user,item,time,label'];
  for (let m = 0; m < 12; m++)
    for (let n = 0; n < 10; n++) {
      const item = m === 0 && n === 9 ? 'late' : `i${(m * 3 + n * 5) % 8}`;
      lines.push(`m${m},${item},${1_600_000_000 + 3600 * n + m},${(m + n) % 2}`);
    }
  await folder.write('events.csv', `${lines.join('\n')}\n`);
  const split = { kind: 'per-entity-time', test: 0.2, valid: 0.125 } as const;
  ({ dataset } = await prep(folder, plain({ split })));
  model = buildSmall(limaml, dataset, { episodes: { maxSupport: 20 } });
  ({ state } = await train(model, dataset, smallTraining({ epochs: 1 })));
});
afterAll(() => folder.remove());

const common = (of: ModelState = state) => ({
  model,
  state: of,
  dataset,
  roles: SELECT_ROLES,
  execution: smallExecution(),
});
const bundleAt = (name: string): string => join(folder.path, name);

async function exported(
  through: 'train' | 'valid' | 'test',
  events?: ProgressEvent[],
  of = dataset,
): Promise<BundleManifest> {
  return exportBundle({
    ...common(),
    dataset: of,
    run: { id: 'r', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through,
    outDirectory: bundleAt(through),
    progress: (event) => events?.push(event),
  });
}

describe('support of an export', () => {
  it.each([
    ['train', 7],
    ['valid', 8],
    ['test', 10],
  ] as const)('through %s is the first %d rows of each member, oldest first', async (through, rows) => {
    const manifest = await exported(through);
    expect(manifest.data).toMatchObject({ through, entities: 12, supportRows: 12 * rows });
    const store = storeNamed(manifest.store, 'here').open(bundleAt(through), layoutOf(manifest));
    const times: number[] = [];
    for await (const { columns } of store.support({ ids: ['m3'] }))
      times.push(...(columns.get('timestamp_ms')!.values as Float64Array));
    expect(times).toEqual(Array.from({ length: rows }, (_, n) => 1000 * (1_600_000_000 + 3600 * n + 3)));
    const last = 1000 * (1_600_000_000 + 3600 * (rows - 1) + 11);
    expect(manifest.data.cutoffMs).toBe(last);
  });

  it('takes an item that was not learned from for an unknown one', async () => {
    const bundle = await openBundle(bundleAt('test'));
    const score = await bundle.score();
    const size = bundle.manifest.model.dimensions!;
    const probability = async (item: string): Promise<number> => {
      const vector = { data: new Float32Array(size), shape: [1, size] };
      const results = await score.run({ item: { data: [item], shape: [1] }, vector });
      return (results['probability']!.data as Float32Array)[0]!;
    };
    const unknown = await probability('never seen');
    expect(await dataset.vocabulary('item')).toContain('late');
    expect(await probability('late')).toBe(unknown);
    expect(await probability('i3')).not.toBe(unknown);
    await bundle.close();
  });
});

describe('a check of an export', () => {
  const verified = (of: ModelState) =>
    verifyBundle({ ...common(of), folder: bundleAt('train'), rows: 1000, seed: 1, progress: silent });

  it('passes for the model that was exported, and fails for another', async () => {
    expect(await verified(state)).toMatchObject({ rows: 24, vectors: 12 });
    const [name, values] = [...state.parameters].find(([key]) => /global/.test(key))!;
    const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
    shared.set(values.map((value) => value + 0.01));
    const moved = new Map(state.parameters).set(name, shared);
    await expect(verified({ ...state, parameters: moved })).rejects.toMatchObject({
      code: 'EXPORT_PARITY',
      exitCode: 1,
      where: bundleAt('train'),
    });
  });
});

describe('a bundle that must not be', () => {
  const run = { id: 'r', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } };
  const over = (of: ModelState, check?: (folder: string) => Promise<void>) =>
    exportBundle({
      ...common(of),
      run,
      through: 'test',
      outDirectory: bundleAt('train'),
      progress: silent,
      ...(check === undefined ? {} : { check }),
    });

  it('does not replace a good one: its check comes first', async () => {
    const before = await readManifest(bundleAt('train'));
    const refused = new Error('refused');
    let looked = '';
    const check = async (place: string): Promise<void> => {
      looked = (await readManifest(place)).data.through;
      throw refused;
    };
    await expect(over(state, check)).rejects.toBe(refused);
    expect(looked).toBe('test');
    expect(await readManifest(bundleAt('train'))).toEqual(before);
  });

  it('is not written with vectors that are no numbers', async () => {
    const before = await readManifest(bundleAt('train'));
    const broken = [...state.parameters].map(([name, values]) => {
      const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
      return [name, shared.fill(Number.NaN)] as const;
    });
    await expect(over({ ...state, parameters: new Map(broken) })).rejects.toMatchObject({
      code: 'EXPORT_NOT_FINITE',
    });
    expect(await readManifest(bundleAt('train'))).toEqual(before);
  });
});

describe('what cannot be known', () => {
  it('is said: a descriptor in other words', async () => {
    const events: ProgressEvent[] = [];
    const foreign = { ...dataset, manifest: { ...dataset.manifest, descriptor: { columns: 'three' } } };
    const manifest = await exported('valid', events, foreign);
    expect(manifest.descriptor.columns).toBeUndefined();
    expect(events).toContainEqual(expect.objectContaining({ kind: 'warning', code: 'EXPORT_LOG_UNKNOWN' }));
  });

  it('is refused: a store that this program does not have', async () => {
    const found = Promise.resolve().then(() => storeNamed('redis', 'bundle'));
    expect(await userErrors(found)).toMatchObject([{ code: 'BUNDLE_STORE', where: 'bundle' }]);
  });
});

// Bundles whose vectors are stored as halves or bytes: what is said of them, read, refreshed and scored is of those vectors.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asStored } from '../../src/bundle/format/vector-type.js';
import { openBundle } from '../../src/bundle/open.js';
import type { ModelState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { scoreByVectorType } from '../../src/export/vector-costs.js';
import { verifyBundle } from '../../src/export/verify-bundle.js';
import type { Model } from '../../src/models/contract/definition.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, temporaryFolder } from '../prep/prep-harness.js';
import { askPython, python } from '../python/python.js';

let folder: Folder;
let dataset: PreparedDataset;
let model: Model;
let state: ModelState;
const members = Array.from({ length: 12 }, (_, m) => `m${m}`);
const bundleAt = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['user,item,time,label'];
  for (let m = 0; m < 12; m++)
    for (let n = 0; n < 10; n++)
      lines.push(`m${m},i${(m * 3 + n * 5) % 8},${1_600_000_000 + 3600 * n + m},${(m + n) % 2}`);
  await folder.write('events.csv', `${lines.join('\n')}\n`);
  const split = { kind: 'per-entity-time', test: 0.2, valid: 0.125 } as const;
  ({ dataset } = await prep(folder, plain({ split })));
  model = buildSmall(limaml, dataset, { episodes: { maxSupport: 20 } });
  ({ state } = await train(model, dataset, smallTraining({ epochs: 1 })));
  for (const vectors of ['float32', 'float16', 'int8'] as const)
    await exportBundle({
      ...common(),
      run: RUN,
      through: 'test',
      vectors,
      outDirectory: bundleAt(vectors),
      progress: silent,
    });
});
afterAll(() => folder.remove());

const RUN = { id: 'r', options: {}, configHash: '', checkpoint: { file: 'c', sha256: '' } };
const common = () => ({ model, state, dataset, roles: SELECT_ROLES, execution: smallExecution() });

async function vectorsOf(path: string): Promise<Float32Array> {
  const bundle = await openBundle(path);
  const { vectors, found } = await bundle.store.vectors(members);
  await bundle.close();
  expect([...found]).toEqual(members.map(() => 1));
  return vectors;
}

it.each(['float16', 'int8'] as const)('%s: stored, verified, refreshed', async (type) => {
  const size = model.adapts[0]!.size;
  const exact = await vectorsOf(bundleAt('float32'));
  expect(await vectorsOf(bundleAt(type))).toEqual(asStored(type, exact, size));
  const bundle = await openBundle(bundleAt(type));
  const bytes = type === 'int8' ? size + 4 : 2 * size;
  expect(bundle.manifest.vectors).toEqual({ type, bytes, scale: type === 'int8' ? 'each vector' : 'none' });
  await bundle.close();
  const verified = await verifyBundle({
    ...common(),
    folder: bundleAt(type),
    rows: 1000,
    seed: 1,
    progress: silent,
  });
  expect([verified.vectors, verified.kinks]).toEqual([12, null]);
  const events = await folder.write('new.csv', 'user,item,time,label\nm3,i1,1700000000,1\n');
  const refresh = (from: string, to: string) =>
    refreshBundle({
      folder: bundleAt(from),
      outDirectory: bundleAt(to),
      events: createReadStream(join(folder.path, 'new.csv')),
      eventsName: 'new.csv',
      progress: silent,
    });
  expect(events).toBeUndefined();
  await refresh('float32', 'float32-newer');
  const { adapted, hash } = await refresh(type, `${type}-newer`);
  expect(adapted).toBe(1);
  expect(await vectorsOf(bundleAt(`${type}-newer`))).toEqual(
    asStored(type, await vectorsOf(bundleAt('float32-newer')), size),
  );
  expect((await refresh(`${type}-newer`, `${type}-again`)).hash).toBe(hash);
});

it('scores of test rows by type: floats are those of the model, others near them', async () => {
  const { label, probability } = await scoreByVectorType({
    ...common(),
    folder: bundleAt('int8'),
    rows: 1000,
    seed: 1,
    progress: silent,
  });
  expect(label).toHaveLength(24);
  const [exact, half, byte] = ['float32', 'float16', 'int8'].map((type) => probability.get(type as 'int8')!);
  const apart = (of: Float64Array): number =>
    Math.max(...of.map((value, row) => Math.abs(value - exact![row]!)));
  expect([apart(half!) > 0, apart(byte!) > apart(half!), apart(byte!) < 0.05]).toEqual([true, true, true]);
});

it.skipIf(python === undefined)('limaml_bundle.py unpacks them', async () => {
  const bytes = Buffer.from([
    0,
    0,
    128,
    63,
    ...Array.from({ length: model.adapts[0]!.size }, (_, i) => 256 - i - 1),
  ]);
  const half = Buffer.alloc(2 * model.adapts[0]!.size, Uint8Array.of(0, 0x3c));
  const ask = (bundle: string, value: Buffer) => ({
    op: 'unpack',
    bundle: bundleAt(bundle),
    stored: [value.toString('hex')],
  });
  const [byte, one, wrong] = await askPython([
    ask('int8', bytes),
    ask('float16', half),
    ask('int8', bytes.subarray(1)),
  ]);
  expect(byte).toEqual({ vectors: [Array.from({ length: model.adapts[0]!.size }, (_, i) => -i - 1)] });
  expect(one).toEqual({ vectors: [Array.from({ length: model.adapts[0]!.size }, () => 1)] });
  expect(wrong).toMatchObject({ code: 'VECTOR_SHAPE' });
});

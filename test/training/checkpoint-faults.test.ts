// Checkpoints that are no checkpoints, or those of another model: refused by name, never half read.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialState } from '../../src/engine/model-state.js';
import { loadModel, saveModel } from '../../src/training/checkpoint.js';
import { readTensors, writeTensors } from '../../src/training/safetensors.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

let folder: string;
let path: string;
let whole: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-checkpoint-'));
  path = join(folder, 'x.safetensors');
  const data = Float32Array.from([1, 2, 3, 4, 5, 6]);
  await writeTensors(path, { tensors: new Map([['weights', { shape: [2, 3], data }]]), metadata: {} });
  whole = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true }));

async function fault(bytes: Buffer): Promise<{ code: string; what: string }> {
  await writeFile(path, bytes);
  return readTensors(path).then(
    () => ({ code: 'none', what: 'it was read' }),
    ({ code, what }) => ({ code, what }),
  );
}

/** The file with another header before the same values. */
function withHeader(header: object): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, whole.subarray(8 + Number(whole.readBigUInt64LE(0)))]);
}

describe('a file of tensors', () => {
  it('is read when it is whole', async () => {
    expect(await fault(whole)).toMatchObject({ code: 'none' });
  });

  it('is refused at every length that cuts it', async () => {
    const codes = new Set<string>();
    for (let length = 0; length < whole.length; length++)
      codes.add((await fault(whole.subarray(0, length))).code);
    expect([...codes]).toEqual(['CHECKPOINT_DAMAGED']);
  });

  it.each([
    ['another type', { weights: { dtype: 'F64', shape: [2, 3], data_offsets: [0, 24] } }],
    ['a shape of another size', { weights: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 24] } }],
    ['values past the end', { weights: { dtype: 'F32', shape: [2, 4], data_offsets: [0, 32] } }],
  ])('is refused with %s', async (_, header) => {
    expect(await fault(withHeader(header))).toMatchObject({
      code: 'CHECKPOINT_DAMAGED',
      what: expect.stringContaining('"weights"'),
    });
  });

  it('is refused where it is not there', async () => {
    await expect(readTensors(join(folder, 'none.safetensors'))).rejects.toMatchObject({
      code: 'CHECKPOINT_DAMAGED',
      what: expect.stringContaining('does not exist'),
    });
  });
});

describe('a checkpoint of another model', () => {
  const dataset = plantedDataset();
  const model = smallModel('deep', dataset);

  it('is refused with the parameter that does not fit, or is not there', async () => {
    await saveModel(folder, model, initialState(model, 1));
    await expect(loadModel(folder, model)).resolves.toBeDefined();
    await expect(loadModel(folder, smallModel('deep', dataset, { hidden: [9] }))).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      what: expect.stringMatching(/of shape \[\d+,9\]; the checkpoint has \[\d+,8\]/),
    });
    await expect(loadModel(folder, smallModel('limaml', dataset))).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      what: expect.stringContaining('the checkpoint has none'),
    });
  });
});

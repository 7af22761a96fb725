// What a killed training goes on from proves itself: a changed bit anywhere is found, or changes nothing.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomStream } from '../../src/random.js';
import { bytesOf, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { loadTrainingState, saveTrainingState } from '../../src/training/checkpoint.js';
import { writeTensors } from '../../src/training/safetensors.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset();
const model = smallModel('limaml', dataset);
let folder: string;
let path: string;
let whole: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-checksum-'));
  path = join(folder, 'resume.safetensors');
  await train(model, dataset, smallTraining({ epochs: 1, refit: false }), {
    onEpoch: (_, from) => saveTrainingState(folder, model, from, 'the log'),
  });
  whole = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true }));

it('gives back what was saved', async () => {
  expect(await loadTrainingState(folder, model)).toMatchObject({
    log: 'the log',
    state: { phase: 'select', epoch: 1, best: { epoch: 1 } },
  });
});

it('a flipped bit is found wherever it is', async () => {
  const expected = bytesOf((await loadTrainingState(folder, model))!.state.state);
  const stream = randomStream(1, 'flips');
  const header = 8 + Number(whole.readBigUInt64LE(0));
  let found = 0;
  for (let n = 0; n < 120; n++) {
    const bytes = Buffer.from(whole);
    bytes[stream.integer(n % 2 === 0 ? header : bytes.length)]! ^= 1 << stream.integer(8);
    await writeFile(path, bytes);
    const loaded = await loadTrainingState(folder, model).catch((error: unknown) => error);
    // Padding of the header, and the name of the checksum itself, carry nothing.
    if (loaded instanceof Error) expect(loaded).toMatchObject({ code: 'CHECKPOINT_DAMAGED', exitCode: 2 });
    else expect(bytesOf((loaded as { state: { state: never } }).state.state).equals(expected)).toBe(true);
    if (loaded instanceof Error) found++;
  }
  expect(found).toBeGreaterThan(100);
});

it.each([
  ['null', 'null'],
  ['a list', '[1]'],
  ['a tensor that is none', '{"a":null}'],
  ['a negative place', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}'],
  ['metadata that are no texts', '{"__metadata__":{"position":1}}'],
  ['another type of number', '{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}'],
])('a header with %s is refused', async (_, header) => {
  const bytes = Buffer.alloc(8 + header.length + 8);
  bytes.writeBigUInt64LE(BigInt(header.length), 0);
  bytes.write(header, 8);
  await writeFile(path, bytes);
  await expect(loadTrainingState(folder, model)).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED' });
});

it.each([{}, { position: '{' }, { position: '{"phase":"later"}', best: 'null' }])(
  'metadata %j do not say where to go on',
  async (metadata) => {
    await writeTensors(path, { tensors: new Map(), metadata }, { checksum: true });
    await expect(loadTrainingState(folder, model)).rejects.toMatchObject({
      code: 'CHECKPOINT_DAMAGED',
      what: expect.stringContaining('position'),
    });
  },
);

// The record of a run proves itself: whatever is changed in its files is found, or changes nothing.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EmbeddingMap } from '../../src/evaluation/adaptation/adaptation-result.js';
import { randomStream } from '../../src/random.js';
import { describeRun } from '../../src/runs/describe.js';
import { readDone } from '../../src/runs/done.js';
import { readEmbeddingMap, writeEvaluation } from '../../src/runs/evaluation.js';
import { placeOf, type RunPlace } from '../../src/runs/places.js';
import { temporaryNames } from '../../src/temporary-names.js';
import { trainRun } from '../../src/workflows/train.js';
import { pretendTrainer, smallRequest, temporaryFolder } from '../workflows/small-experiment.js';

const MAP: EmbeddingMap = {
  model: 'limaml',
  size: 2,
  entities: 1,
  sampledFrom: null,
  explained: [0.75, 0.25],
  segments: ['all'],
  movement: [0.5],
  segment: [0],
  x: [1.25],
  y: [-2],
};

async function evaluated(): Promise<RunPlace> {
  const cwd = await temporaryFolder();
  const { path } = await trainRun(await smallRequest(cwd, { trainer: pretendTrainer(2) }));
  const evaluation = {
    models: [{ model: 'limaml', run: 'r', meanScore: 0.75 }],
    comparisons: [],
    curves: [],
    conditions: [],
    metrics: [],
    replays: [],
    movingHistory: [],
  };
  await writeEvaluation(path, evaluation as never, MAP, (scores) => writeFile(scores, 'rows'));
  return placeOf(path);
}

const all = (place: RunPlace): string =>
  JSON.stringify({ ...describeRun(place), map: readEmbeddingMap(place) });

it.each(['config.json', 'provenance.json', 'DONE', 'metrics.jsonl', 'eval.json', 'embedding-map.json'])(
  'a flipped bit in %s is found',
  async (name) => {
    const place = await evaluated();
    const before = all(place);
    const file = join(place.path, name);
    const whole = await readFile(file);
    const stream = randomStream(1, name);
    let found = 0;
    for (let n = 0; n < 60; n++) {
      const bytes = Buffer.from(whole);
      bytes[stream.integer(bytes.length)]! ^= 1 << stream.integer(8);
      await writeFile(file, bytes);
      try {
        // White space carries nothing.
        expect(all(place)).toBe(before);
      } catch (error) {
        expect(error).toMatchObject({ code: 'RUN_DAMAGED', where: expect.stringContaining(file) });
        found++;
      }
    }
    expect(found).toBeGreaterThan(40);
  },
);

it('a map of another evaluation is found', async () => {
  const place = await evaluated();
  const file = join(place.path, 'embedding-map.json');
  const first = await readFile(file);
  await writeEvaluation(place.path, describeRun(place).evaluation!, { ...MAP, y: [2] }, (scores) =>
    writeFile(scores, 'rows'),
  );
  expect(readEmbeddingMap(place)!.y).toEqual([2]);
  await writeFile(file, first);
  expect(() => readEmbeddingMap(place)).toThrowError(expect.objectContaining({ code: 'RUN_DAMAGED' }));
});

it('metrics of an interrupted run that are not those of its checkpoint are not gone on with', async () => {
  const cwd = await temporaryFolder();
  let log = '';
  const stopped = trainRun(
    await smallRequest(cwd, {
      trainer: async ({ onEpoch }) => {
        log = await onEpoch({ phase: 'select', epoch: 1, loss: 0.5 });
        await onEpoch({ phase: 'select', epoch: 2, loss: 0.25 });
        throw new Error('stopped');
      },
    }),
  );
  await expect(stopped).rejects.toThrow('stopped');
  const resume = async () =>
    trainRun(
      await smallRequest(cwd, {
        resume: true,
        trainer: async ({ onResume }) => {
          await onResume({ phase: 'select', epoch: 1, log });
          throw new Error('resumed');
        },
      }),
    );
  await expect(resume()).rejects.toThrow('resumed');
  const [place] = [placeOf(join(cwd, 'experiments', 'small', 'runs'))];
  const { readdir } = await import('node:fs/promises');
  const [id] = await readdir(place.path);
  const metrics = join(place.path, id!, 'metrics.jsonl');
  expect(await readFile(metrics, 'utf8')).toBe('{"phase":"select","epoch":1,"loss":0.5}\n');
  await writeFile(metrics, '{"phase":"select","epoch":1,"loss":0.4}\n');
  await expect(resume()).rejects.toMatchObject({ code: 'RUN_DAMAGED', where: metrics });
});

it('what is no part of the training is not sealed', async () => {
  const cwd = await temporaryFolder();
  const { path } = await trainRun(
    await smallRequest(cwd, {
      trainer: async (task) => {
        await appendFile(join(task.checkpoint, '..', 'report.html'), 'so far');
        await appendFile(temporaryNames(join(task.checkpoint, 'resume.safetensors'))('tmp'), 'half');
        return pretendTrainer(1)(task);
      },
    }),
  );
  expect(Object.keys(readDone(path).files)).toEqual([
    'checkpoint/model.safetensors',
    'config.json',
    'metrics.jsonl',
    'provenance.json',
    'timings.jsonl',
  ]);
});

// An evaluation under replays: the frozen part is what it would be alone, models that adapt nothing stand still, both read back.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { replayConfig } from '../../src/evaluation/config/replay-config.js';
import { auc } from '../../src/evaluation/metrics/auc.js';
import { readRunConfig } from '../../src/runs/config.js';
import { readEvaluation } from '../../src/runs/evaluation.js';
import { findRun } from '../../src/runs/find.js';
import { evalRun } from '../../src/workflows/evaluate.js';
import { trainRun } from '../../src/workflows/train.js';
import { modelTrainer } from '../../src/workflows/trainer.js';
import { readParquet } from '../support/read-parquet.js';
import { smallRequest, temporaryFolder } from './small-experiment.js';

const trainer = modelTrainer(evaluationConfig.parse({}));
const [event, hourly, none] = ['event', '1h', 'none'].map((refresh) => replayConfig.parse({ refresh }));

it('has frozen and refreshed vectors side by side, on the same rows', async () => {
  const cwd = await temporaryFolder();
  const training = await smallRequest(cwd, { trainer });
  const place = findRun((await trainRun(training)).run, cwd, training.progress);
  const config = readRunConfig(place.path);
  const request = {
    ...training,
    run: place,
    config,
    baselines: ['deep'],
    evaluation: config.recipe.evaluation,
    cwd,
    skipCurves: true,
  };
  const alone = await evalRun(request);
  expect(alone.replays).toEqual([]);
  const first = await evalRun({ ...request, replays: [none!, event!, hourly!, event!] });
  expect(first.replays.map(({ label, protocol }) => [label, protocol])).toEqual([
    ['refresh=event', event],
    ['refresh=1h', hourly],
  ]);
  const { replays, files, ...frozen } = first;
  expect({ ...alone, replays: undefined, files: undefined }).toEqual({
    ...frozen,
    replays: undefined,
    files: undefined,
  });

  const [events] = replays;
  expect(events!.models.map(({ model, run }) => [model, run])).toEqual([
    ['limaml', place.id],
    ['deep', first.models[1]!.run],
    ['limaml, frozen', place.id],
  ]);
  const value = (model: number, metric: string) => events!.models[model]!.metrics[metric];
  // What adapts nothing stands still, and so does what was frozen.
  expect(value(1, 'groupAuc')).toEqual({
    ...first.models[1]!.metrics['groupAuc'],
    interval: expect.anything(),
  });
  expect(value(2, 'auc')!.value).toBe(first.models[0]!.metrics['auc']!.value);
  expect(value(0, 'auc')!.value).not.toBe(first.models[0]!.metrics['auc']!.value);
  expect(value(0, 'groupAuc')!.value).not.toBeNull();
  expect(value(0, 'groupAuc')!.detail).toMatchObject({ entitiesOfSampledPairs: 0 });
  expect(value(0, 'ndcg@5')).toMatchObject({
    value: null,
    reason: expect.stringContaining('several instants'),
  });
  expect(value(1, 'ndcg@5')!.value).not.toBeNull();
  expect(events!.metrics.find(({ name }) => name === 'groupAuc')!.definition).toContain('earlier of the two');
  expect(first.metrics.find(({ name }) => name === 'groupAuc')!.definition).not.toContain(
    'earlier of the two',
  );
  expect(events!.models[0]!.segments.map(({ by }) => by)).toContain('vectorAge');

  const rows = await readParquet(first.scores);
  expect(Object.keys(rows[0]!).filter((name) => name.includes('@'))).toEqual([
    'limaml@refresh=event',
    'history_length@refresh=event',
    'limaml@refresh=1h',
    'history_length@refresh=1h',
  ]);
  const label = Uint8Array.from(rows, (row) => Number(row['label']));
  const scores = Float64Array.from(rows, (row) => Number(row['limaml@refresh=event']));
  expect(auc(label, scores).value).toBe(value(0, 'auc')!.value);
  const lengths = rows.map((row) => [row['history_length'], row['history_length@refresh=event']].map(Number));
  expect(lengths.every(([before, now]) => before! <= now!)).toBe(true);
  expect(lengths.some(([before, now]) => before! < now!)).toBe(true);

  expect(JSON.parse(await readFile(join(first.path, 'eval.json'), 'utf8'))).toMatchObject({ version: 3 });
  expect(readEvaluation(place)).toEqual(JSON.parse(JSON.stringify(first)));
});

it('of models that read supports, or hold events back, differs from frozen vectors as well', async () => {
  const cwd = await temporaryFolder();
  const training = await smallRequest(cwd, { trainer });
  const place = findRun((await trainRun(training)).run, cwd, training.progress);
  const config = readRunConfig(place.path);
  const { evaluation } = config.recipe;
  const request = { ...training, run: place, config, evaluation, cwd, skipCurves: true };
  // A delay alone: no vector moves, but the last training events had not come in.
  const late = replayConfig.parse({ delay: '10s' });
  const { replays, models } = await evalRun({
    ...request,
    baselines: ['din', 'rates', 'deep'],
    replays: [event!, late],
  });
  const value = (of: typeof models, model: number, metric: string) => of[model]!.metrics[metric]!;
  for (const model of [0, 1, 2])
    for (const { models: renewed } of replays)
      expect(value(renewed, model, 'auc').value, renewed[model]!.model).not.toBe(
        value(models, model, 'auc').value,
      );
  expect(replays.map(({ models: renewed }) => value(renewed, 3, 'auc').value)).toEqual([
    value(models, 3, 'auc').value,
    value(models, 3, 'auc').value,
  ]);
  // Pairs where scores move; lists where they stand still.
  expect(value(replays[0]!.models, 1, 'ndcg@5').value).toBeNull();
  expect(value(replays[1]!.models, 1, 'ndcg@5').value).not.toBeNull();
});

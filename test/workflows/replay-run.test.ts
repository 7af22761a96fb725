// A run trained again: the same to the last digit, or the first epoch that is not, with what has changed since.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { hashBytes, hashJson } from '../../src/hash.js';
import { placeOf } from '../../src/runs/places.js';
import { type Replay, replayRun } from '../../src/workflows/replay-run.js';
import { trainRun } from '../../src/workflows/train.js';
import { modelTrainer, type Trainer } from '../../src/workflows/trainer.js';
import { pretendTrainer, smallRequest, temporaryFolder } from './small-experiment.js';

let cwd: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
});

async function replay(
  trained: Trainer,
  again: Trainer,
  epochs?: number,
  change?: (path: string) => void,
): Promise<Replay> {
  const request = await smallRequest(cwd, { trainer: trained });
  const { path } = await trainRun(request);
  change?.(path);
  const { dataset, progress, now } = request;
  return replayRun({ run: placeOf(path), dataset, epochs, trainer: again, progress, now });
}

/** Other losses from an epoch on. */
const drifting =
  (epochs: number, from: number, by: number): Trainer =>
  async (task) =>
    pretendTrainer(epochs)({
      ...task,
      onEpoch: (record) =>
        task.onEpoch(record.epoch < from ? record : { ...record, loss: record.loss * (1 + by) }),
    });

/** Rewrites what the run recorded of how it was made, as if it had been made so. */
function recorded(path: string, change: (provenance: Record<string, unknown>) => void): void {
  const edit = (file: string, by: (content: Record<string, unknown>) => void): string => {
    const { sha256: _, ...content } = JSON.parse(readFileSync(join(path, file), 'utf8')) as Record<
      string,
      unknown
    >;
    by(content);
    const text = JSON.stringify({ ...content, sha256: hashJson(content) });
    writeFileSync(join(path, file), text);
    return hashBytes(Buffer.from(text));
  };
  const sha256 = edit('provenance.json', change);
  edit('DONE', (done) => Object.assign(done['files'] as object, { 'provenance.json': sha256 }));
}

describe('a replay', () => {
  it('of real training gives the same bytes', async () => {
    const trainer = modelTrainer(evaluationConfig.parse({}));
    expect(await replay(trainer, trainer)).toEqual({
      epochs: 2,
      recordedEpochs: 2,
      heldTo: 'bytes',
      equalEpochs: 2,
      parted: null,
      largest: 0,
      sameModel: true,
      changed: [],
    });
  });

  it('stops at the first epoch that is not the same', async () => {
    let reached = 0;
    const again: Trainer = (task) => {
      const onEpoch: typeof task.onEpoch = (record) => {
        reached = record.epoch;
        return task.onEpoch(record);
      };
      return drifting(4, 3, 1e-12)({ ...task, onEpoch });
    };
    const { parted, equalEpochs, sameModel } = await replay(pretendTrainer(4), again);
    expect(parted).toMatchObject({
      phase: 'select',
      epoch: 3,
      name: 'loss',
      values: [1 / 3, (1 / 3) * (1 + 1e-12)],
    });
    expect({ equalEpochs, sameModel, reached }).toEqual({ equalEpochs: 2, sameModel: null, reached: 3 });
  });

  it('of fewer epochs stops there', async () => {
    const found = await replay(pretendTrainer(4), drifting(4, 3, 0.5), 2);
    expect(found).toMatchObject({
      epochs: 2,
      recordedEpochs: 4,
      equalEpochs: 2,
      parted: null,
      sameModel: null,
    });
  });

  it('that ends early, or goes on for longer, is not the same', async () => {
    expect((await replay(pretendTrainer(3), pretendTrainer(2))).parted).toMatchObject({
      epoch: 3,
      values: [1 / 3, null],
    });
    expect((await replay(pretendTrainer(2), pretendTrainer(3))).parted).toMatchObject({
      epoch: 3,
      values: [null, 1 / 3],
    });
  });

  it('names what has changed, code before dependencies, and holds to bytes all the same', async () => {
    const found = await replay(pretendTrainer(2), drifting(2, 1, 1e-9), undefined, (path) => {
      recorded(path, (made) => {
        (made['limaml'] as Record<string, unknown>)['code'] = 'a'.repeat(64);
        (made['dependencies'] as Record<string, unknown>)['zod'] = '3.0.0';
      });
    });
    expect(found.changed.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'code limaml',
      'dependency zod',
    ]);
    expect(found).toMatchObject({ heldTo: 'bytes', parted: { epoch: 1 } });
  });

  it.each([
    [1e-3, null],
    [0.02, { epoch: 2 }],
  ])('on another processor is granted 1 %%: %s', async (drift, parted) => {
    const found = await replay(pretendTrainer(2), drifting(2, 2, drift), undefined, (path) => {
      recorded(path, (made) => {
        (made['cpu'] as Record<string, unknown>)['model'] = 'another';
      });
    });
    expect(found.heldTo).toBe('nearly');
    if (parted === null) expect(found.parted).toBeNull();
    else expect(found.parted).toMatchObject(parted);
  });

  it('needs a run that is what it was', async () => {
    const damaged = replay(pretendTrainer(1), pretendTrainer(1), undefined, (path) => {
      writeFileSync(join(path, 'metrics.jsonl'), '{}\n');
    });
    await expect(damaged).rejects.toMatchObject({ code: 'RUN_DAMAGED' });
  });
});

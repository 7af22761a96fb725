// Damaged runs: what is read by name is refused with its file, and lists go on with the rest and say what they left out.
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UserError } from '../../src/errors.js';
import { type ProgressEvent, silent } from '../../src/progress.js';
import { readRunConfig } from '../../src/runs/config.js';
import { describeRun } from '../../src/runs/describe.js';
import { findRun } from '../../src/runs/find.js';
import { verifyRun } from '../../src/runs/folder.js';
import { listSummaries } from '../../src/runs/list.js';
import { listRuns } from '../../src/runs/places.js';
import { findFinished } from '../../src/runs/reuse.js';
import { summarise } from '../../src/runs/summary.js';
import { requireAllRead } from '../../src/runs/unread.js';
import { trainRun } from '../../src/workflows/train.js';
import { pretendTrainer, smallRequest, temporaryFolder } from '../workflows/small-experiment.js';

let cwd: string;
let first: string;
let second: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
  first = (await trainRun(await smallRequest(cwd, { trainer: pretendTrainer(1) }))).path;
  second = (await trainRun(await smallRequest(cwd, { trainer: pretendTrainer(1), set: ['seed=2'] }))).path;
});

const place = (path: string) => listRuns(cwd).find((run) => run.path === path)!;
const fault = (work: () => unknown): UserError => {
  try {
    work();
  } catch (error) {
    return error as UserError;
  }
  throw new Error('nothing was thrown');
};

it.each(['config.json', 'provenance.json', 'DONE'])(
  'a damaged %s is named, and the list goes on',
  async (name) => {
    const file = join(first, name);
    const whole = await readFile(file, 'utf8');
    for (const damaged of [whole.slice(0, -20), '', 'null', '[1]', '{ "recipe": 7 }']) {
      await writeFile(file, damaged);
      expect(fault(() => describeRun(place(first)))).toMatchObject({
        code: 'RUN_DAMAGED',
        exitCode: 2,
        where: file,
      });
      const { runs, unread } = listSummaries(cwd);
      expect(runs.map(({ path }) => path)).toEqual([second]);
      expect(unread).toEqual([
        expect.objectContaining({ id: place(first).id, experiment: 'small', where: file }),
      ]);
    }
  },
);

describe('a run', () => {
  it.each(['config.json', 'provenance.json'])('without its %s is damaged, not unseen', async (file) => {
    await rm(join(first, file));
    expect(listRuns(cwd)).toHaveLength(2);
    expect(fault(() => summarise(place(first)))).toMatchObject({
      code: 'RUN_DAMAGED',
      where: join(first, file),
      what: 'This file of the run is gone.',
    });
  });

  it('whose RUNNING mark is damaged is named', async () => {
    await rm(join(first, 'DONE'));
    await writeFile(join(first, 'RUNNING'), '{ "pid": "1" }');
    expect(fault(() => summarise(place(first)))).toMatchObject({
      code: 'RUN_DAMAGED',
      where: join(first, 'RUNNING'),
    });
  });

  it('with odd metrics or an odd evaluation is named', async () => {
    // A finished run's metrics are told by their hash, before they are read.
    await rm(join(first, 'DONE'));
    await writeFile(
      join(first, 'metrics.jsonl'),
      '{"phase":"select","epoch":1,"loss":1}\n{"phase":"later"}\n',
    );
    expect(fault(() => describeRun(place(first)))).toMatchObject({
      code: 'RUN_DAMAGED',
      where: `${join(first, 'metrics.jsonl')}:2`,
    });
    await writeFile(join(second, 'eval.json'), '{ "models": [] }');
    expect(fault(() => describeRun(place(second)))).toMatchObject({
      code: 'RUN_DAMAGED',
      where: join(second, 'eval.json'),
      next: expect.stringContaining('limaml eval'),
    });
  });

  it('with a damaged DONE is not verified', async () => {
    await writeFile(join(first, 'DONE'), '{}');
    await expect(verifyRun(first)).rejects.toMatchObject({ code: 'RUN_DAMAGED', where: join(first, 'DONE') });
  });

  it('that is the newest and damaged is not silently passed over by "latest"', async () => {
    // Both began in one second: the newer is the one whose id comes later.
    const [older, newer] = [first, second].sort() as [string, string];
    await writeFile(join(newer, 'config.json'), '{');
    expect(fault(() => findRun('latest', cwd, silent))).toMatchObject({
      code: 'RUN_DAMAGED',
      where: join(newer, 'config.json'),
    });
    await rm(newer, { recursive: true });
    expect(findRun('latest', cwd, silent).path).toBe(older);
  });
});

describe('reusing and resuming', () => {
  it('pass over a damaged run and say so', async () => {
    const { key } = readRunConfig(second);
    await writeFile(join(first, 'config.json'), '{ "rec');
    const told: ProgressEvent[] = [];
    const runs = join(cwd, 'experiments', 'small', 'runs');
    expect(findFinished(runs, key, (event) => told.push(event))?.path).toBe(second);
    expect(told).toEqual([
      {
        kind: 'warning',
        code: 'RUN_DAMAGED',
        text: expect.stringContaining(join(first, 'config.json')),
      },
    ]);
    await rm(join(first, 'DONE'));
    const resumed = trainRun(await smallRequest(cwd, { trainer: pretendTrainer(1), resume: true }));
    await expect(resumed).rejects.toMatchObject({ code: 'RUN_NOTHING_TO_RESUME' });
    expect(existsSync(join(first, 'RUNNING'))).toBe(false);
  });
});

it('a list tells its faults once the rest is shown', () => {
  expect(() => requireAllRead([])).not.toThrow();
  const unread = { id: 'r', experiment: 'e', where: 'r/config.json', why: 'This is no JSON.' };
  expect(() => requireAllRead([unread, unread])).toThrowError(
    expect.objectContaining({
      exitCode: 2,
      errors: [unread, unread].map(() =>
        expect.objectContaining({
          code: 'RUN_DAMAGED',
          where: 'r/config.json',
          what: 'This is no JSON. Run r is left out.',
        }),
      ),
    }),
  );
});

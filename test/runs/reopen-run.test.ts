// A run is taken up again only while it is unfinished and nobody works on it.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reopenRun } from '../../src/runs/folder.js';
import { runState, unmarkFinished } from '../../src/runs/state.js';
import { temporaryFolder } from '../workflows/small-experiment.js';

it('a finished run is not touched, a stopped one is marked as running', async () => {
  const path = await temporaryFolder();
  await reopenRun(path);
  expect(runState(path)).toBe('running');
  await expect(reopenRun(path)).rejects.toMatchObject({
    code: 'RUN_BUSY',
    what: expect.stringContaining(`${process.pid} on ${hostname()}`),
  });

  const finished = await temporaryFolder();
  await writeFile(join(finished, 'DONE'), '{}');
  await expect(reopenRun(finished)).rejects.toMatchObject({ code: 'RUN_FINISHED' });
  expect(runState(finished)).toBe('finished');
});

it('a mark that a kill left on a finished run goes when the next run begins beside it', async () => {
  const folder = await temporaryFolder();
  for (const [run, files] of [
    ['done', ['DONE', 'RUNNING']],
    ['stopped', ['RUNNING']],
  ] as const) {
    await mkdir(join(folder, run));
    for (const file of files) await writeFile(join(folder, run, file), '{}');
  }
  unmarkFinished(folder);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    'done',
    'done/DONE',
    'stopped',
    'stopped/RUNNING',
  ]);
});

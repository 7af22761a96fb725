// The vector of a window is the one that is served at that instant: what export writes, and refresh makes of it with the events since.
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { layoutOf } from '../../src/bundle/open.js';
import { storeNamed } from '../../src/bundle/store/registry.js';
import { loadSource } from '../../src/engine/features/load-source.js';
import { programsToScore } from '../../src/engine/programs/program-key.js';
import { openRunner } from '../../src/engine/runner/open-runner.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { limaml } from '../../src/models/limaml.js';
import { SPLIT } from '../../src/prepared/format.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { type Replay, replayWindows } from '../../src/scoring/replay.js';
import { scoreSplit } from '../../src/scoring/score.js';
import { servedSupport } from '../../src/scoring/served-support.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, temporaryFolder } from '../prep/prep-harness.js';

const MEMBERS = Array.from({ length: 12 }, (_, m) => `m${m}`);
/** Hours at which every member has its ten events; the last two are test rows. */
const seconds = (member: number, n: number): number => 1_600_000_000 + 3600 * n + member;
const event = (member: number, n: number): string => `m${member},i${(member * 3 + n * 5) % 8}`;

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function stored(name: string): Promise<readonly Float32Array[]> {
  const manifest = await readManifest(join(folder.path, name));
  const store = storeNamed(manifest.store, 'here').open(join(folder.path, name), layoutOf(manifest));
  const { vectors, found } = await store.vectors(MEMBERS);
  expect([...found]).toEqual(MEMBERS.map(() => 1));
  const size = vectors.length / MEMBERS.length;
  return MEMBERS.map((_, m) => vectors.slice(m * size, (m + 1) * size));
}

it('for every member, before and after its first test row', async () => {
  const lines = MEMBERS.flatMap((_, m) =>
    Array.from({ length: 10 }, (_, n) => `${event(m, n)},${seconds(m, n)},${(m + n) % 2}`),
  );
  await folder.write('events.csv', `${['user,item,time,label', ...lines].join('\n')}\n`);
  const split = { kind: 'per-entity-time', test: 0.2, valid: 0.125 } as const;
  const { dataset } = await prep(folder, plain({ split }));
  const model = buildSmall(limaml, dataset, { episodes: { maxSupport: 20 } });
  const { state } = await train(model, dataset, smallTraining({ epochs: 1 }));
  const execution = smallExecution();

  const replay: Replay = { refresh: 'event', delayMs: 0 };
  const windows: { entity: number; known: number; vector: Float32Array }[] = [];
  const runner = await openRunner(model, state, execution, programsToScore(model));
  const source = await loadSource(dataset, SELECT_ROLES.learn);
  let adapted: Float32Array | undefined;
  const parts = scoreSplit(model, dataset, source, runner, SPLIT.test, {
    tileRows: execution.tileRows,
    support: servedSupport(model, SELECT_ROLES, { shuffleSupport: false }, 1, { replay, target: SPLIT.test }),
    windows: replayWindows(replay),
    onVectors: ({ vectors }) => {
      adapted = vectors;
    },
  });
  for await (const { episodes } of parts) {
    const size = adapted!.length / episodes.length;
    episodes.forEach(({ entity, known }, e) => {
      windows.push({ entity, known: known.length, vector: adapted!.slice(e * size, (e + 1) * size) });
    });
  }
  await runner.close();
  expect(windows).toHaveLength(2 * MEMBERS.length);

  await exportBundle({
    model,
    state,
    dataset,
    roles: SELECT_ROLES,
    execution,
    run: { id: 'r', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through: 'valid',
    outDirectory: join(folder.path, 'exported'),
    progress: silent,
  });
  const events = MEMBERS.map((_, m) => `${event(m, 8)},${1000 * seconds(m, 8)},${(m + 8) % 2}`);
  await refreshBundle({
    folder: join(folder.path, 'exported'),
    outDirectory: join(folder.path, 'refreshed'),
    events: Readable.from([`${['entity,item,timestamp_ms,label', ...events].join('\n')}\n`]),
    eventsName: 'events',
    progress: silent,
  });
  const words = await dataset.vocabulary('entity');
  for (const [known, name] of [
    [8, 'exported'],
    [9, 'refreshed'],
  ] as const) {
    const served = await stored(name);
    const replayed = windows.filter((window) => window.known === known);
    expect(replayed).toHaveLength(MEMBERS.length);
    for (const { entity, vector } of replayed) {
      const other = served[MEMBERS.indexOf(words[entity]!)]!;
      const off = Math.max(...vector.map((value, i) => Math.abs(value - other[i]!)));
      expect(off, `${words[entity]} with ${known}`).toBeLessThan(1e-6);
    }
  }
  const [before, after] = [await stored('exported'), await stored('refreshed')];
  expect(before.every((vector, m) => vector.some((value, i) => Math.abs(value - after[m]![i]!) > 1e-5))).toBe(
    true,
  );
}, 60_000);

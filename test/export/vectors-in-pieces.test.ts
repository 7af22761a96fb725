// Vectors of an export do not depend on the pieces in which they are computed, and no piece holds more members than it may.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoreWriter, VectorRows } from '../../src/bundle/store/store.js';
import { loadSource } from '../../src/engine/features/load-source.js';
import { initialState } from '../../src/engine/model-state.js';
import { programsToScore } from '../../src/engine/programs/program-key.js';
import { openRunner } from '../../src/engine/runner/open-runner.js';
import { rawInputs } from '../../src/export/graphs/raw-inputs.js';
import { rawSource } from '../../src/export/raw-rows.js';
import { writeVectors } from '../../src/export/write-vectors.js';
import { episodeGroups } from '../../src/models/contract/definition.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import type { RawPiece } from '../../src/prepared/raw-column.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { buildSmall, smallExecution } from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, temporaryFolder } from '../prep/prep-harness.js';

let folder: Folder;
let dataset: PreparedDataset;

/** Member m has m % 4 + 3 rows. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['user,item,time,label'];
  for (let m = 0; m < 14; m++)
    for (let n = 0; n < (m % 4) + 3; n++)
      lines.push(`m${m},i${(m * 3 + n * 5) % 8},${1_600_000_000 + 3600 * n + m},${(m + n) % 2}`);
  await folder.write('events.csv', `${lines.join('\n')}\n`);
  ({ dataset } = await prep(folder, plain()));
});
afterAll(() => folder.remove());

interface Put {
  /** Vector, support rows and their times by member. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly sizes: readonly number[];
}

/** All that is put where a piece has so many members at most, in tiles of two or three of them. */
async function putIn(pieceEntities: number): Promise<Put> {
  const model = buildSmall(limaml, dataset, { episodes: { maxSupport: 20 } });
  const state = initialState(model, 1);
  const adaptInputs = rawInputs([...model.taskGroups, ...episodeGroups(model)]);
  const members: Record<string, unknown> = {};
  const sizes: number[] = [];
  const times = new Map<string, number[]>();
  const writer = {
    putVectors: ({ entities, vectors, support, lastEventMs }: VectorRows) => {
      sizes.push(entities.length);
      const size = vectors.length / entities.length;
      entities.forEach((entity, i) => {
        expect(members).not.toHaveProperty(entity);
        members[entity] = {
          vector: [...vectors.subarray(i * size, (i + 1) * size)],
          support: support[i],
          last: lastEventMs[i],
        };
      });
    },
    putSupport: ({ rows, columns }: RawPiece) => {
      for (let row = 0; row < rows; row++) {
        const entity = columns.get('entity')!.values[row] as string;
        times.set(entity, [...(times.get(entity) ?? []), columns.get('timestamp_ms')!.values[row] as number]);
      }
    },
  } as unknown as StoreWriter;
  const runner = await openRunner(model, state, smallExecution(), programsToScore(model));
  try {
    await writeVectors(writer, {
      model,
      dataset,
      source: await loadSource(dataset, SELECT_ROLES.learn),
      runner,
      tileRows: 12,
      through: 'test',
      adaptInputs,
      raw: await rawSource(dataset, adaptInputs),
      pieceEntities,
      progress: silent,
    });
  } finally {
    await runner.close();
  }
  return { members: { ...members, times: Object.fromEntries(times) }, sizes };
}

it('are the same numbers, with the support rows in the same order', async () => {
  const whole = await putIn(1000);
  const parted = await putIn(5);
  expect(whole.sizes).toEqual([14]);
  expect(parted.sizes.length).toBeGreaterThan(2);
  expect(Math.max(...parted.sizes)).toBeLessThanOrEqual(5);
  expect(Object.keys(whole.members)).toHaveLength(15);
  expect(whole.members['m7']).toMatchObject({ support: 6, last: 1000 * (1_600_000_000 + 3600 * 5 + 7) });
  expect(parted.members).toEqual(whole.members);
});

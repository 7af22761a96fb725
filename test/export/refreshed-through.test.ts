// A refresh has a merge of its own, of stored rows and new events: it keeps the support rows that an export of the whole log chooses.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBundle } from '../../src/bundle/open.js';
import type { ModelState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
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

const MEMBERS = Array.from({ length: 8 }, (_, m) => `m${m}`);
let folder: Folder;
let dataset: PreparedDataset;
let state: ModelState;

/** Histories of 3 to 10 rows, several of them of one time. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = MEMBERS.flatMap((member, m) =>
    Array.from({ length: 3 + m }, (_, n) => {
      const time = 1_600_000_000 + 3600 * Math.floor(n / 2) + m;
      return `${member},i${(m * 3 + n * 5) % 8},${time},${(m + n) % 2}`;
    }),
  );
  await folder.write('events.csv', `user,item,time,label\n${lines.join('\n')}\n`);
  const split = { kind: 'per-entity-time', test: 0.3, valid: 0.2 } as const;
  ({ dataset } = await prep(folder, plain({ split })));
  const { state: trained } = await train(small(20), dataset, smallTraining({ epochs: 1 }));
  state = trained;
});
afterAll(() => folder.remove());

const small = (maxSupport: number) => buildSmall(limaml, dataset, { episodes: { maxSupport } });

async function exported(maxSupport: number, through: 'train' | 'test'): Promise<string> {
  const outDirectory = join(folder.path, `${through}-${maxSupport}`);
  await exportBundle({
    model: small(maxSupport),
    state,
    dataset,
    roles: SELECT_ROLES,
    execution: smallExecution(),
    run: { id: 'r', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through,
    outDirectory,
    progress: silent,
  });
  return outDirectory;
}

/** The vectors and the support rows of every member. */
async function kept(path: string) {
  const bundle = await openBundle(path);
  const { vectors } = await bundle.store.vectors(MEMBERS);
  const rows: string[] = [];
  for await (const { rows: count, columns } of bundle.store.support({ ids: MEMBERS }))
    for (let row = 0; row < count; row++)
      rows.push([...columns.values()].map(({ values }) => String(values[row])).join(' '));
  await bundle.close();
  return { vectors: [...vectors], rows: rows.sort() };
}

it.each([
  ['all rows', 20, 52],
  ['the latest three', 3, 24],
])('%s, be they refreshed or exported', async (_what, maxSupport, count) => {
  const [older, whole] = [await exported(maxSupport, 'train'), await exported(maxSupport, 'test')];
  const before = await kept(older);
  const { form, added } = await refreshBundle({
    folder: older,
    outDirectory: older,
    events: createReadStream(join(folder.path, 'events.csv')),
    eventsName: 'events.csv',
    progress: silent,
  });
  expect({ form, added }).toEqual({ form: 'log', added: 0 });
  const [after, wanted] = [await kept(older), await kept(whole)];
  expect(after.rows).toEqual(wanted.rows);
  expect(after.rows).toHaveLength(count);
  expect(after.rows).not.toEqual(before.rows);
  const apart = after.vectors.map((value, i) => Math.abs(value - wanted.vectors[i]!));
  expect(Math.max(...apart)).toBeLessThan(1e-6);
  expect(after.vectors).not.toEqual(before.vectors);
});

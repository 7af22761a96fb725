// Scoring with models that read supports: each row comes back in its own place, with its own entity's support.
import { expect, it } from 'vitest';
import { loadSource } from '../../src/engine/features/load-source.js';
import { initialState } from '../../src/engine/model-state.js';
import type { TileRunner } from '../../src/engine/runner/tile-runner.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { silent } from '../../src/progress.js';
import { entityHistory, SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { scoreWithSupport } from '../../src/scoring/score-with-support.js';
import { smallExecution } from '../../src/testing/subject/small-training.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset();
const model = smallModel('din', dataset);

/** Gives each query row the index of its item, plus a tenth for every support row that it was given. */
const echo = {
  run: async (_program: unknown, tiles: Iterable<Tile>) =>
    [...tiles].map(({ groups, tensors }) => {
      const column = groups.find(({ input }) => input === 'query.item')!.rows.fields[0]!;
      const indices = column.kind === 'categorical' ? column.indices : new Int32Array();
      const { data, shape } = tensors['support.mask']!;
      const [tasks, width] = shape as [number, number];
      const support = Array.from({ length: tasks }, (_, t) =>
        (data as Float32Array).subarray(t * width, (t + 1) * width).reduce((sum, x) => sum + x, 0),
      );
      const queries = indices.length / tasks;
      return {
        probability: Float32Array.from(indices, (index, i) => index + support[Math.trunc(i / queries)]! / 10),
      };
    }),
} as unknown as TileRunner;

it('puts every row into its place, however many an entity has', async () => {
  const shard = await dataset.shard(0);
  const source = await loadSource(dataset, SELECT_ROLES.learn);
  const episodes = Array.from({ length: 5 }, (_, e) => ({
    entity: shard.entities[e]!,
    support: entityHistory(shard, e).rows.slice(0, e),
    query: new Int32Array(),
  }));
  // 300 rows of the five in turn runs of 100, 1, 64, 65 and 70 rows, of whatever entity.
  const owner = Int32Array.from([100, 1, 64, 65, 70].flatMap((n, e) => new Array<number>(n).fill(e)));
  const rows = owner.map((_, i) => i % shard.rows);
  const engine = { model, shard, source, runner: echo, tileRows: 150 };
  const found = await scoreWithSupport(engine, { rows, owner }, episodes);
  const expected = Array.from(rows, (row, i) => {
    const item = shard.item[row]!;
    return (source.seenItem[item] === 1 ? item : 0) + owner[i]! / 10;
  });
  expect(found.length).toBe(300);
  expect([...found]).toEqual(expected.map((x) => expect.closeTo(x, 4)));
});

it('is not exported: no vector could stand for the rows that are read', async () => {
  const request = {
    model,
    state: initialState(model, 1),
    dataset,
    run: { id: 'x', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    roles: SELECT_ROLES,
    through: 'test' as const,
    execution: smallExecution(),
    outDirectory: '/nowhere/bundle',
    progress: silent,
  };
  await expect(exportBundle(request)).rejects.toMatchObject({ code: 'EXPORT_READS_SUPPORT' });
});

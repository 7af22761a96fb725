// Entities adapted at many instants: rows that windows share are encoded and multiplied once, and the vectors stay the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSource } from '../../src/engine/features/load-source.js';
import { initialState } from '../../src/engine/model-state.js';
import { ADAPT, ADAPT_WINDOWS, programsToScore } from '../../src/engine/programs/program-key.js';
import { programOf } from '../../src/engine/programs/programs.js';
import { openRunner } from '../../src/engine/runner/open-runner.js';
import { bucketWindows, windowTile } from '../../src/engine/tiles/window-tiles.js';
import { topologicalOrder } from '../../src/graph/ir/node.js';
import { gatherOp } from '../../src/graph/ops/lookup.js';
import { matmulOp } from '../../src/graph/ops/matrix.js';
import { entityPart } from '../../src/models/contract/definition.js';
import { SPLIT } from '../../src/prepared/format.js';
import { adaptEpisodes } from '../../src/scoring/adapt.js';
import { rolesAfter } from '../../src/scoring/learning-rows.js';
import { type Replay, replayWindows } from '../../src/scoring/replay.js';
import { servedSupport } from '../../src/scoring/served-support.js';
import { scoredEpisodes } from '../../src/scoring/windows.js';
import { smallExecution } from '../../src/testing/subject/small-training.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const REPLAY: Replay = { refresh: 'event', delayMs: 0 };
const roles = rolesAfter({ refit: true });
const dataset = plantedDataset({ entities: 9, events: 30 });
const shard = await dataset.shard(0);
const source = await loadSource(dataset, roles.learn);

const KINDS = [
  ['limaml', {}],
  ['limaml', { global: { hidden: [6], interaction: true }, episodes: { maxSupport: 26 } }],
  ['limaml', { meta: { rows: true, pooling: 'recency' }, wide: { enabled: true } }],
  ['limaml', { heads: ['meta', 'ids'], inner: { loss: 'shrunk' } }],
  ['finetune', {}],
] as const;

describe.each(KINDS)('%s %j', (name, options) => {
  const model = smallModel(name, dataset, options);

  it('gives the vectors of windows one by one', async () => {
    const policy = servedSupport(model, roles, { shuffleSupport: false }, 1, {
      replay: REPLAY,
      target: SPLIT.test,
    });
    const episodes = [...scoredEpisodes(shard, SPLIT.test, policy, replayWindows(REPLAY))];
    expect(episodes.length).toBe(9 * 6);
    const state = initialState(model, 1);
    const vectors: Float32Array[] = [];
    for (const adapt of [ADAPT, ADAPT_WINDOWS]) {
      const runner = await openRunner(model, state, smallExecution(), programsToScore(model, { adapt }));
      const given = await adaptEpisodes(model, episodes, shard, source, runner, {
        tileRows: 200,
        program: adapt,
      });
      vectors.push(given!);
      await runner.close();
    }
    const [alone, together] = vectors as [Float32Array, Float32Array];
    expect(new Set(alone).size).toBeGreaterThan(alone.length / 2);
    const off = Math.max(...alone.map((value, i) => Math.abs(value - together[i]!)));
    expect(off).toBeLessThan(1e-6);
  });
});

it('multiplies what windows share before it is laid out for them', () => {
  const program = programOf(smallModel('limaml', dataset), ADAPT_WINDOWS);
  const nodes = topologicalOrder(Object.values(program.outputs));
  expect(nodes.some(({ op }) => op === gatherOp)).toBe(true);
  const known = nodes.filter(({ op, inputs: [a] }) => op === matmulOp && a!.shape[0] === 'known');
  expect(known.length).toBeGreaterThan(0);
  const laidOut = nodes.filter(({ op, inputs: [a] }) => op === matmulOp && a!.op === gatherOp);
  expect(laidOut.filter(({ inputs: [, b] }) => b!.shape.length === 2)).toEqual([]);
});

it('puts windows into tiles in their order, none of them much wider than its windows', () => {
  const episode = (length: number) => ({
    entity: 1,
    support: Int32Array.from({ length }, (_, i) => i),
    query: new Int32Array(0),
  });
  expect(bucketWindows([8, 9, 10, 2, 2, 10].map(episode), 40)).toEqual([[0, 1, 2], [3, 4], [5]]);
  expect(bucketWindows([0, 0, 100].map(episode), 40)).toEqual([[0, 1], [2]]);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 30 })),
      fc.integer({ min: 1, max: 90 }),
      (lengths, most) => {
        const tiles = bucketWindows(lengths.map(episode), most);
        expect(tiles.flat()).toEqual(lengths.map((_, i) => i));
        for (const tile of tiles)
          expect(
            tile.length === 1 || tile.length * Math.max(1, ...tile.map((i) => lengths[i]!)) <= most,
          ).toBe(true);
      },
    ),
  );
});

it('has each support row once, and the place of each', () => {
  const model = smallModel('limaml', dataset);
  const supports = [[], [41, 43], [41, 43, 44], [44]];
  const episodes = supports.map((rows) => ({
    entity: 2,
    support: Int32Array.from(rows),
    query: new Int32Array(0),
  }));
  const { groups, tensors } = windowTile(model, entityPart(model)!, episodes, shard, source);
  const known = groups.filter(({ input }) => input.startsWith('known.'));
  expect(known.map(({ rows }) => rows.rows)).toEqual(known.map(() => 3));
  expect(known.length).toBeGreaterThan(0);
  const places = Array.from(tensors['support.place']!.data as BigInt64Array, Number);
  expect(places).toEqual([0, 0, 0, 0, 1, 0, 0, 1, 2, 2, 0, 0]);
  expect([...(tensors['support.mask']!.data as Float32Array)]).toEqual([0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0]);
});

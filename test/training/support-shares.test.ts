// Shares of empty and short supports: counted as the validation rows are scored, and what training makes of them.
import { expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import type { ProgressEvent } from '../../src/progress.js';
import { randomStream } from '../../src/random.js';
import { FROZEN, type Replay } from '../../src/scoring/replay.js';
import { drawEpisode } from '../../src/training/episodes.js';
import { asServed, type SupportShares, supportShares } from '../../src/training/support-shares.js';
import { memoryDataset } from '../support/memory-dataset.js';

const { train, valid } = SPLIT;

/** Entity 1 has two training rows and two validation rows, entity 2 has six and one, entity 3 has five validation rows alone. */
function dataset() {
  const split = [
    ...[train, train, valid, valid],
    ...[...new Array<number>(6).fill(train), valid],
    ...new Array<number>(5).fill(valid),
  ];
  const entity = split.map((_, row) => (row < 4 ? 1 : row < 11 ? 2 : 3));
  const item = split.map(() => 1);
  const timestampMs = split.map((_, row) => row);
  return memoryDataset({ entity, item, timestampMs, label: item, split }, new Map(), new Map(), []);
}

async function counted(emptyShare: number | 'as-served', replay: Replay = FROZEN) {
  const events: ProgressEvent[] = [];
  const record = await supportShares(dataset(), { emptyShare }, replay, (event) => events.push(event));
  return { ...record, events };
}

it('counts rows, not entities, by the support they are scored with', async () => {
  const { counted: found, used, events } = await counted('as-served');
  expect(found).toEqual({ rows: 8, sizes: [5 / 8, 0, 2 / 8, 0, 0, 0] });
  expect(used).toEqual({ sizes: [5 / 8, 0, 2 / 8, 0, 0, 0], atLeast: 6 });
  expect(events).toEqual([
    {
      kind: 'note',
      text: '62.5 % of the 8 validation rows are scored without support, 25.0 % with 1 to 5 rows of it: 62.5 % of the training episodes have none, 25.0 % have 1 to 5',
    },
  ]);
});

it('counts what a replay serves them with, earlier validation rows among it', async () => {
  const { counted: found } = await counted('as-served', { refresh: 'event', delayMs: 0 });
  // 2 and 3 rows; 6; none and 1 to 4.
  expect(found).toEqual({ rows: 8, sizes: [1 / 8, 1 / 8, 2 / 8, 2 / 8, 1 / 8, 0] });
});

it('keeps to a number that is set, and warns where it is far from what was counted', async () => {
  const near = await counted(0.6);
  expect(near.used).toEqual({ sizes: [0.6], atLeast: 0 });
  expect(near.events).toMatchObject([{ kind: 'note' }]);
  const far = await counted(0.05);
  expect(far.used).toEqual({ sizes: [0.05], atLeast: 0 });
  expect(far.events).toMatchObject([
    { kind: 'warning', code: 'EPISODES_NOT_AS_SERVED', text: expect.stringContaining('0.05, but 62.5 %') },
  ]);
});

it('always leaves some episodes without support, and some with', () => {
  expect(asServed([0, 0.5, 0]).sizes).toEqual([0.05, 0.475, 0]);
  expect(asServed([0.96, 0.04]).sizes).toEqual([0.95, expect.closeTo(0.05, 12)]);
  expect(asServed([1, 0]).sizes).toEqual([0.95, 0]);
});

it.each(['time', 'random'] as const)('draws as many as the shares say, in order %s', (order) => {
  const supports: SupportShares = { sizes: [0.2, 0, 0.3], atLeast: 3 };
  const sizes = (events: number): readonly number[] => {
    const rows = Int32Array.from({ length: events }, (_, i) => i);
    const shard = {
      timestampMs: Float64Array.from(rows),
      label: new Float32Array(events),
      split: new Uint8Array(events),
    };
    const found = new Array<number>(events + 1).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const options = { supports, order, maxSupport: 8, maxQuery: 4, placebo: [] };
      const drawn = drawEpisode({ entity: 1, rows, shard }, options, randomStream(seed, 'shares'));
      expect(drawn.query.length).toBeGreaterThan(0);
      found[drawn.support.length]!++;
    }
    return found;
  };
  const long = sizes(20);
  // Binomial of 2000: four standard deviations are 72 and 82.
  expect(Math.abs(long[0]! - 400)).toBeLessThan(72);
  expect(Math.abs(long[2]! - 600)).toBeLessThan(82);
  expect(long[1]).toBe(0);
  expect(long.slice(9)).toEqual(new Array(12).fill(0));
  // Two events cannot give a support of two and a query: what is left is drawn as if nothing were asked.
  const short = sizes(2);
  expect(short[0]! + short[1]!).toBe(2000);
});

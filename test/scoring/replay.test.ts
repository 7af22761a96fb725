// Scoring day by day: several instants an entity are a division into windows and a policy, nothing more.
import { expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import { type ScoredShard, scoreSplit } from '../../src/scoring/score.js';
import { before, lastN, ofSplits, type SupportPolicy, supportPolicy } from '../../src/scoring/support.js';
import { scoredEpisodes, type Windows } from '../../src/scoring/windows.js';
import { memoryDataset } from '../support/memory-dataset.js';
import { CLICK_COUNTER, CLICKS } from './click-counter.js';

const { train, test } = SPLIT;
/** Entity 1 is scored at 10, 11, 25 and 25, entity 2 at 12 alone. Every event of entity 1 is a click but that at 10. */
const dataset = memoryDataset(
  {
    entity: [1, 1, 1, 1, 1, 1, 2, 2],
    item: [1, 1, 1, 1, 1, 1, 1, 1],
    timestampMs: [1, 2, 10, 11, 25, 25, 5, 12],
    label: [1, 1, 0, 1, 1, 1, 1, 0],
    split: [train, train, test, test, test, test, train, test],
  },
  new Map(),
  new Map(),
  [],
);

/** Windows of ten units from 10 on: a row is scored with what was known when its window began. */
const everyTen: Windows = (query, { shard }) => {
  const starts = [...new Set(Array.from(query, (row) => 10 * Math.floor(shard.timestampMs[row]! / 10)))];
  return starts.map((at) => ({
    at,
    query: query.filter((row) => shard.timestampMs[row]! >= at && shard.timestampMs[row]! < at + 10),
  }));
};
/** What had happened when the row came, rows of one time apart. */
const everyEvent: Windows = (query, { shard }) =>
  [...new Set(Array.from(query, (row) => shard.timestampMs[row]!))].map((at) => ({
    at,
    query: query.filter((row) => shard.timestampMs[row]! === at),
  }));

async function replay(policy: SupportPolicy, windows?: Windows): Promise<number[][][]> {
  const episodes = [...scoredEpisodes(await dataset.shard(0), test, policy, windows)];
  return episodes.map(({ support, query }) => [[...support], [...query]]);
}

it('is one window an entity unless something else is asked for', async () => {
  expect(await replay(supportPolicy(ofSplits([train])))).toEqual([
    [
      [0, 1],
      [2, 3, 4, 5],
    ],
    [[6], [7]],
  ]);
});

it('adapts anew at every window on all that came before it, scored rows too', async () => {
  expect(await replay(supportPolicy(before()), everyTen)).toEqual([
    [
      [0, 1],
      [2, 3],
    ],
    [
      [0, 1, 2, 3],
      [4, 5],
    ],
    [[6], [7]],
  ]);
  expect(await replay(supportPolicy(before(10), lastN(2)), everyTen)).toEqual([
    [[], [2, 3]],
    [
      [0, 1],
      [4, 5],
    ],
    [[], [7]],
  ]);
  expect(await replay(supportPolicy(before()), everyEvent)).toEqual([
    [[0, 1], [2]],
    [[0, 1, 2], [3]],
    [
      [0, 1, 2, 3],
      [4, 5],
    ],
    [[6], [7]],
  ]);
});

it('refuses a policy that would give a window rows of its own', async () => {
  await expect(replay(supportPolicy(ofSplits([train, test])), everyTen)).rejects.toMatchObject({
    code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY',
  });
});

it('scores every row with the vector of its own window, in the order of the rows', async () => {
  const source = {
    entityFeatures: new Map(),
    itemFeatures: new Map(),
    seenEntity: new Uint8Array(3),
    seenItem: new Uint8Array(2),
  };
  const scored = scoreSplit(CLICKS, dataset, source, CLICK_COUNTER, test, {
    tileRows: 3,
    support: supportPolicy(before()),
    windows: everyTen,
  });
  const parts: ScoredShard[] = [];
  for await (const one of scored) parts.push(one);
  const [part] = parts;
  expect(parts).toHaveLength(1);
  expect([...part!.rows]).toEqual([2, 3, 4, 5, 7]);
  expect([...part!.probability]).toEqual([2, 2, 3, 3, 1]);
  expect([...part!.historyLength]).toEqual([2, 2, 4, 4, 1]);
  expect([...part!.sinceLastMs]).toEqual([8, 9, 14, 14, 7]);
});

it('parts rows that models of two trainings score, whatever became known between', async () => {
  const retrained: Windows = (query, history) =>
    everyTen(query, history).map((window) => ({ ...window, training: window.at / 10 }));
  const frozen = supportPolicy(ofSplits([train]));
  const episodes = [...scoredEpisodes(await dataset.shard(0), test, frozen, retrained)];
  expect(episodes.map(({ training, query, since }) => [training, [...query], [...since]])).toEqual([
    [1, [2, 3], [10, 10]],
    [2, [4, 5], [20, 20]],
    [1, [7], [10]],
  ]);
});

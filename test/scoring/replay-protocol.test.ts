// The windows and supports of `evaluation.replay`, and the rows each scored row is served with, on ten events by hand.
import { describe, expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import { rolesAfter } from '../../src/scoring/learning-rows.js';
import { FROZEN, knownUnder, type Replay, replayWindows } from '../../src/scoring/replay.js';
import { servedSupportSizes } from '../../src/scoring/served-sizes.js';
import { supportPolicy } from '../../src/scoring/support.js';
import { scoredEpisodes } from '../../src/scoring/windows.js';
import { memoryDataset } from '../support/memory-dataset.js';

const { train, valid, test } = SPLIT;
/** Rows 0 to 6 are entity 1's, 7 to 9 entity 2's, who is new. With a period of 10, boundaries are at 10, 20, 30. */
const dataset = memoryDataset(
  {
    entity: [1, 1, 1, 1, 1, 1, 1, 2, 2, 2],
    item: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    timestampMs: [1, 5, 14, 14, 19, 21, 39, 15, 15, 20],
    label: [1, 0, 1, 0, 1, 1, 0, 1, 0, 1],
    split: [train, valid, test, test, test, test, test, test, test, test],
  },
  new Map(),
  new Map(),
  [],
);
const roles = rolesAfter({ refit: true });

/** Of every episode: its support, its rows, and when the window of each began. */
async function episodes(replay: Replay, target: number = test): Promise<number[][][]> {
  const policy = supportPolicy(...knownUnder(roles, target, replay));
  const shard = await dataset.shard(0);
  return [...scoredEpisodes(shard, target, policy, replayWindows(replay))].map(({ known, query, since }) => [
    [...known],
    [...query],
    [...since],
  ]);
}

describe('a replay', () => {
  it('is one vector an entity when frozen, less what the delay held back', async () => {
    const rows = [2, 3, 4, 5, 6];
    expect(await episodes(FROZEN)).toEqual([
      [[0, 1], rows, [14, 14, 14, 14, 14]],
      [[], [7, 8, 9], [15, 15, 15]],
    ]);
    expect((await episodes({ refresh: 'none', delayMs: 9 }))[0]).toEqual([[0], rows, [14, 14, 14, 14, 14]]);
  });

  it('renews at multiples of the period, first when the first row comes', async () => {
    expect(await episodes({ refresh: 10, delayMs: 0 })).toEqual([
      [
        [0, 1],
        [2, 3, 4],
        [14, 14, 14],
      ],
      [[0, 1, 2, 3, 4], [5], [20]],
      [[0, 1, 2, 3, 4, 5], [6], [30]],
      [[], [7, 8], [15, 15]],
      [[7, 8], [9], [20]],
    ]);
  });

  it('holds events back by the delay, and adapts nothing anew where nothing came', async () => {
    expect(await episodes({ refresh: 10, delayMs: 10 })).toEqual([
      [[0], [2, 3, 4], [14, 14, 14]],
      [[0, 1], [5], [20]],
      [[0, 1, 2, 3, 4], [6], [30]],
      [[], [7, 8, 9], [15, 15, 20]],
    ]);
  });

  it('gives every instant its own vector with event, rows of one instant the same', async () => {
    expect(
      (await episodes({ refresh: 'event', delayMs: 0 })).map(([known, query]) => [known, query]),
    ).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [[0, 1, 2, 3], [4]],
      [[0, 1, 2, 3, 4], [5]],
      [[0, 1, 2, 3, 4, 5], [6]],
      [[], [7, 8]],
      [[7, 8], [9]],
    ]);
  });

  it('ends windows with a training too', async () => {
    const since = (await episodes({ refresh: 10, delayMs: 0, retrainMs: 15 })).map(([, , times]) => times);
    expect(since).toEqual([[14, 14], [15], [20], [30], [15, 15], [20]]);
    expect(
      (await episodes({ refresh: 'none', delayMs: 0, retrainMs: 30 })).map(([known]) => known!.length),
    ).toEqual([2, 6, 0]);
  });

  it('shows no test row to validation rows', async () => {
    const replay: Replay = { refresh: 'event', delayMs: 0 };
    expect(await episodes(replay, valid)).toEqual([[[0], [1], [5]]]);
    const late = knownUnder(roles, valid, replay)[0];
    const shard = await dataset.shard(0);
    expect([...late({ entity: 1, shard, rows: Int32Array.of(0, 1, 2, 3) }, 100)]).toEqual([0, 1]);
  });

  it('counts what each row is served with, without adapting', async () => {
    const sizes = async (replay: Replay, target: number = test) => [
      ...(await servedSupportSizes(dataset, target, roles, replay)),
    ];
    expect(await sizes(FROZEN)).toEqual([2, 2, 2, 2, 2, 0, 0, 0]);
    expect(await sizes({ refresh: 10, delayMs: 0 })).toEqual([2, 2, 2, 5, 6, 0, 0, 2]);
    expect(await sizes({ refresh: 10, delayMs: 10 })).toEqual([1, 1, 1, 2, 5, 0, 0, 0]);
    expect(await sizes({ refresh: 'event', delayMs: 0 })).toEqual([2, 2, 4, 5, 6, 0, 0, 2]);
    expect(await sizes({ refresh: 'event', delayMs: 0 }, valid)).toEqual([1]);
  });
});

it('stops at a window that begins after a row of its own, or knows a row of its own', async () => {
  const shard = await dataset.shard(0);
  const known = supportPolicy(...knownUnder(roles, test, { refresh: 'event', delayMs: 0 }));
  const all = (windows: Parameters<typeof scoredEpisodes>[3]) => [
    ...scoredEpisodes(shard, test, known, windows),
  ];
  expect(() => all((query) => [{ at: 16, query }])).toThrow(
    expect.objectContaining({ code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY', where: 'entity index 1' }),
  );
  const early = supportPolicy(...knownUnder(roles, test, { refresh: 'event', delayMs: -1 }));
  expect(() => [
    ...scoredEpisodes(shard, test, early, replayWindows({ refresh: 'event', delayMs: 0 })),
  ]).toThrow(expect.objectContaining({ code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY' }));
});

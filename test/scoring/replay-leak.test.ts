// No label reaches a score before it may: one label is turned, and just the scores move whose window began late enough after it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import { rolesAfter } from '../../src/scoring/learning-rows.js';
import { knownUnder, type Replay, replayWindows } from '../../src/scoring/replay.js';
import { scoreSplit } from '../../src/scoring/score.js';
import { supportPolicy } from '../../src/scoring/support.js';
import { memoryDataset } from '../support/memory-dataset.js';
import { CLICK_COUNTER, CLICKS } from './click-counter.js';

const source = {
  entityFeatures: new Map(),
  itemFeatures: new Map(),
  seenEntity: new Uint8Array(2),
  seenItem: new Uint8Array(2),
};

/** Scores of one entity's test rows: clicks that were known. The first `earlier` rows are training rows. */
async function scores(times: readonly number[], label: readonly number[], earlier: number, replay: Replay) {
  const dataset = memoryDataset(
    {
      entity: times.map(() => 1),
      item: times.map(() => 1),
      timestampMs: times,
      label,
      split: times.map((_, row) => (row < earlier ? SPLIT.train : SPLIT.test)),
    },
    new Map(),
    new Map(),
    [],
  );
  const parts = scoreSplit(CLICKS, dataset, source, CLICK_COUNTER, SPLIT.test, {
    tileRows: 4,
    support: supportPolicy(...knownUnder(rolesAfter({ refit: false }), SPLIT.test, replay)),
    windows: replayWindows(replay),
  });
  const found: number[] = [];
  for await (const { probability } of parts) found.push(...probability);
  return found;
}

it('whatever the windows and the delay', async () => {
  const log = fc.record({
    gaps: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 12 }),
    earlier: fc.integer({ min: 0, max: 4 }),
    refresh: fc.oneof(fc.constant('event' as const), fc.integer({ min: 1, max: 12 })),
    delayMs: fc.integer({ min: 0, max: 5 }),
    turned: fc.nat(11),
  });
  await fc.assert(
    fc.asyncProperty(log, async ({ gaps, earlier, refresh, delayMs, turned }) => {
      let time = 100;
      // The first test row is strictly later than what was trained on.
      const times = gaps.map((gap, row) => {
        time += row === earlier ? gap + 1 : gap;
        return time;
      });
      const row = turned % times.length;
      const before = times.map(() => 0);
      const after = before.map((_, i) => (i === row ? 1 : 0));
      const first = times[earlier];
      const replay = { refresh, delayMs };
      const still = await scores(times, before, earlier, replay);
      const moved = (await scores(times, after, earlier, replay)).map((score, i) => score - still[i]!);
      const expected = times.slice(earlier).map((at) => {
        const window = refresh === 'event' ? at : Math.max(first!, Math.floor(at / refresh) * refresh);
        return times[row]! < window - delayMs ? 1 : 0;
      });
      expect(moved).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

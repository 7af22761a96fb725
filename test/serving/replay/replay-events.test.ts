// Scores of a new day are what `score --lookup` gives with a bundle that `refresh` brought to the same instant.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBundle } from '../../../src/bundle/open.js';
import { silent } from '../../../src/progress.js';
import { knownBefore } from '../../../src/serving/replay/freshness.js';
import { type Replay, replayEvents } from '../../../src/serving/replay/replay-events.js';
import { type Folder, temporaryFolder } from '../../prep/prep-harness.js';
import { historyLog, refresh, score, type TestRow, testDay } from '../history-log.js';

const csv = (rows: readonly TestRow[]): string =>
  `${['user,item,time,label', ...rows.map(({ entity, item, ms, label }) => `${entity},${item},${ms / 1000},${label}`)].join('\n')}\n`;

let folder: Folder;
let bundle: string;
let day: readonly TestRow[];
let replay: Replay;
beforeAll(async () => {
  folder = await temporaryFolder();
  const log = await historyLog(folder, 'binary');
  bundle = log.bundle;
  day = await testDay(log.whole);
  const opened = await openBundle(bundle);
  const input = Readable.from([csv(day)], { objectMode: false });
  replay = await replayEvents(opened, input, 'day.csv', ['none', '1h', '1d', 'event'], silent);
  await opened.close();
});
afterAll(() => folder.remove());

/** Replayed probabilities of rows, in the order in which events are read: by entity, then as in the file. */
const replayed = (way: '1h' | 'event' | 'none', rows: readonly TestRow[]): readonly number[] => {
  const times = new Set(rows.map(({ ms }) => ms));
  const { probability } = replay.scores.get(way)!;
  return [...probability].filter((_p, row) => times.has(replay.events.timestampMs[row]!));
};

const byEntity = (rows: readonly TestRow[]): readonly TestRow[] =>
  [...rows].sort((a, b) => (a.entity < b.entity ? -1 : a.entity > b.entity ? 1 : 0));

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6);
  });
}

describe('events of a new day', () => {
  it('without a refresh are scored as the bundle scores them', async () => {
    expect(replay.events.entity.length).toBe(day.length);
    const rows = byEntity(day);
    expectClose(replayed('none', rows), (await score(bundle, csv(rows), true)).probability);
    expect(replay.scores.get('1d')).toEqual(replay.scores.get('none'));
  });

  it('are scored with what a refresh at that instant would have made of the events before', async () => {
    const copy = join(folder.path, 'copy');
    cpSync(bundle, copy, { recursive: true });
    const instants = [...new Set(day.map(({ ms }) => ms))].sort((a, b) => a - b).slice(0, 4);
    let moved = 0;
    for (const ms of instants) {
      const rows = byEntity(day.filter((row) => row.ms === ms));
      const expected = (await score(copy, csv(rows), true)).probability;
      expectClose(replayed('event', rows), expected);
      // The log's instants are an hour and a half apart: every hour has at most one.
      expectClose(replayed('1h', rows), expected);
      const stale = replayed('none', rows);
      moved += expected.filter((value, i) => Math.abs(value - stale[i]!) > 1e-4).length;
      await refresh(copy, csv(rows));
    }
    expect(moved).toBeGreaterThan(5);
  });
});

it('knows what came before the last whole hour or day, or the event itself', () => {
  const ms = Date.UTC(2024, 2, 5, 13, 40);
  expect(['none', '1h', '1d', 'event'].map((way) => knownBefore(way as 'none', ms))).toEqual([
    Number.NEGATIVE_INFINITY,
    Date.UTC(2024, 2, 5, 13),
    Date.UTC(2024, 2, 5),
    ms,
  ]);
});

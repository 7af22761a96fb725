// New events merged into stored support: what is known already, what is kept, what is cut off.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRows, mergeSupport } from '../../src/serving/merge-support.js';

/** Rows written as `item label time`. */
const rows = (...lines: readonly string[]): EventRows => {
  const cells = lines.map((line) => line.split(' '));
  return {
    item: cells.map(([item]) => item!),
    label: cells.map(([, label]) => Number(label)),
    timestampMs: cells.map(([, , time]) => Number(time)),
  };
};
const shown = ({ item, label, timestampMs }: EventRows, row: number): string =>
  `${item[row]} ${label[row]} ${timestampMs[row]}`;
const merged = (stored: EventRows, events: EventRows, most = 10, once = false) => {
  const { rows: kept, known } = mergeSupport(stored, events, most, once);
  return { kept: kept.map((row) => (row < 0 ? shown(events, -1 - row) : shown(stored, row))), known };
};

describe('new events', () => {
  it('join what is stored in order of time, equal times as stored and then as they came', () => {
    const stored = rows('a 0 1', 'b 0 3');
    const events = rows('z 0 3', 'c 0 3', 'd 1 2');
    expect(merged(stored, events).kept).toEqual(['a 0 1', 'd 1 2', 'b 0 3', 'z 0 3', 'c 0 3']);
  });

  it('push out the oldest, and of equal times those that came first', () => {
    const stored = rows('a 0 1', 'b 0 1', 'c 0 1');
    expect(merged(stored, rows('d 0 2', 'e 0 2'), 3).kept).toEqual(['c 0 1', 'd 0 2', 'e 0 2']);
    expect(merged(rows(), rows('a 0 1', 'b 0 1', 'c 0 1'), 2).kept).toEqual(['b 0 1', 'c 0 1']);
  });

  it('are an impression and its click in one second', () => {
    expect(merged(rows(), rows('a 0 1', 'a 1 1')).kept).toEqual(['a 0 1', 'a 1 1']);
    expect(merged(rows('a 0 1'), rows('a 0 1', 'a 1 1'))).toEqual({ kept: ['a 0 1', 'a 1 1'], known: 1 });
  });

  it('that repeat are as many as prep keeps', () => {
    expect(merged(rows(), rows('a 0 1', 'a 0 1')).kept).toEqual(['a 0 1', 'a 0 1']);
    expect(merged(rows(), rows('a 0 1', 'a 0 1'), 10, true)).toEqual({ kept: ['a 0 1'], known: 1 });
    expect(merged(rows('a 0 1'), rows('a 0 1', 'a 0 1')).kept).toEqual(['a 0 1', 'a 0 1']);
  });

  it('no later than the oldest row of a full support were cut off before', () => {
    const stored = rows('c 0 2', 'd 0 2');
    expect(merged(stored, rows('a 0 1', 'b 0 2', 'c 0 2', 'd 0 2'), 2)).toEqual({
      kept: ['c 0 2', 'd 0 2'],
      known: 2,
    });
    expect(merged(stored, rows('b 0 1'), 3).kept).toEqual(['b 0 1', 'c 0 2', 'd 0 2']);
  });
});

describe('whatever the events', () => {
  const event = fc.record({
    item: fc.constantFrom('a', 'b', 'c'),
    label: fc.constantFrom(0, 1),
    time: fc.integer({ min: 1, max: 6 }),
  });
  const log = fc.array(event, { maxLength: 12 }).map((events): EventRows => {
    const sorted = [...events].sort((a, b) => a.time - b.time);
    return {
      item: sorted.map(({ item }) => item),
      label: sorted.map(({ label }) => label),
      timestampMs: sorted.map(({ time }) => time),
    };
  });
  const all = (of: EventRows): string[] => of.item.map((_item, row) => shown(of, row));

  it('the same ones again change nothing', () => {
    fc.assert(
      fc.property(log, fc.integer({ min: 1, max: 5 }), fc.boolean(), (events, most, once) => {
        const first = merged(rows(), events, most, once).kept;
        expect(merged(rows(...first), events, most, once).kept).toEqual(first);
      }),
    );
  });

  it('later ones give what all of them together give', () => {
    fc.assert(
      fc.property(log, log, fc.integer({ min: 1, max: 5 }), (early, late, most) => {
        const later = { ...late, timestampMs: Array.from(late.timestampMs, (time) => time + 6) };
        const first = merged(rows(), early, most).kept;
        expect(merged(rows(...first), later, most).kept).toEqual([...all(early), ...all(later)].slice(-most));
      }),
    );
  });
});

// Aggregates of the past against a plain reference that looks at every pair of rows.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEvents, type Folder, plain, prep, temporaryFolder } from './prep-harness.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

interface Row {
  readonly entity: string;
  readonly item: string;
  readonly ms: number;
  readonly label: number;
}
interface Window {
  readonly of: 'entity' | 'item';
  readonly statistic: 'count' | 'clicks' | 'rate' | 'days_since_last';
  readonly days?: number;
  readonly delayMinutes: number;
}
const DAY_MS = 86_400_000;
const SHRINKAGE = 4;

/** The definition, one row at a time. Missing (nothing before, for days since the last) is stored as 0. */
function reference(rows: readonly Row[], at: Row, window: Window, trainRate: number): number {
  let events = 0;
  let clicks = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row[window.of] !== at[window.of]) continue;
    const age = at.ms - row.ms;
    if (age <= 0 || age < window.delayMinutes * 60_000) continue;
    if (window.days !== undefined && age > window.days * DAY_MS) continue;
    events++;
    clicks += row.label;
    last = Math.max(last, row.ms);
  }
  switch (window.statistic) {
    case 'count':
      return events;
    case 'clicks':
      return clicks;
    case 'rate':
      return (clicks + SHRINKAGE * trainRate) / (events + SHRINKAGE);
    case 'days_since_last':
      return events === 0 ? 0 : (at.ms - last) / DAY_MS;
  }
}

const windows: readonly Window[] = (['entity', 'item'] as const).flatMap((of) =>
  (['count', 'clicks', 'rate', 'days_since_last'] as const).flatMap((statistic) => [
    { of, statistic, delayMinutes: 0 },
    { of, statistic, delayMinutes: 0, days: 2 },
    { of, statistic, delayMinutes: 1440 },
    { of, statistic, delayMinutes: 90, days: 1.5 },
  ]),
);

/** Hours on a small grid, so that instants coincide and ages hit the window's ends exactly. */
const row = fc.record({
  entity: fc.constantFrom('a', 'b', 'c'),
  item: fc.constantFrom('x', 'y', 'z'),
  hours: fc.oneof(
    fc.nat({ max: 8 }).map((n) => n * 12),
    fc.nat({ max: 100 }),
  ),
  label: fc.nat({ max: 1 }),
});

test('every statistic, window and delay of both sides equals the reference', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 5, maxLength: 60 }), async (drawn) => {
      const body = drawn.map(
        ({ entity, item, hours, label }) => `${entity},${item},${hours * 3600},${label}\n`,
      );
      await folder.write('events.csv', `user,item,time,label\n${body.join('')}`);
      const { dataset } = await prep(
        folder,
        plain({
          duplicates: 'keep',
          features: windows.map((window, n) => ({
            ...window,
            name: `w${n}`,
            kind: 'history',
            shrinkage: SHRINKAGE,
            standardise: false,
          })),
        }),
      );
      const events = await allEvents(dataset);
      const train = events.filter(({ split }) => split === 'train');
      const mean = train.reduce((sum, { label }) => sum + label, 0) / train.length;
      const trainRate = train.length === 0 ? 0 : Number(mean.toPrecision(7));
      for (const event of events)
        for (const [n, window] of windows.entries()) {
          const expected = Math.fround(reference(events, event, window, trainRate));
          expect(event.features[`w${n}`], JSON.stringify({ window, event })).toBeCloseTo(expected, 5);
          compared++;
        }
    }),
    { seed: 1, numRuns: 6 },
  );
  expect(compared).toBeGreaterThan(32 * 6 * 5);
});

// Aggregates of the past against a plain reference that looks at every pair of rows.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allEvents,
  type Folder,
  plain,
  prep,
  type RawDescriptor,
  sideFeatures,
  temporaryFolder,
} from './prep-harness.js';

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

describe('implicit labels: a sampled negative never happened', () => {
  // Days; u and v act at the same instants on day 2, and u does two things on day 3.
  const log: readonly Row[] = [
    ['u', 'x', 1],
    ['u', 'y', 2],
    ['v', 'x', 2],
    ['u', 'z', 3],
    ['u', 'w', 3],
    ['u', 'x', 5],
    ['v', 'y', 6],
    ['w', 'z', 1],
    ['w', 'q', 4],
    ['q', 'v', 1],
    ['q', 'q', 7],
  ].map(([entity, item, day]) => ({
    entity: String(entity),
    item: String(item),
    ms: Number(day) * DAY_MS,
    label: 1,
  }));
  const prepared = async (features: RawDescriptor['features'], perPositive: number) => {
    const body = log.map(({ entity, item, ms }) => `${entity},${item},${ms / 1000}\n`);
    await folder.write('events.csv', `user,item,time\n${body.join('')}`);
    const base = plain();
    return prep(folder, {
      ...base,
      columns: { ...base.columns!, label: { kind: 'implicit', negatives: { perPositive, by: 'uniform' } } },
      features,
    });
  };
  const feature = (name: string, window: Omit<Window, 'delayMinutes'> & { readonly log?: boolean }) =>
    ({ ...window, name, kind: 'history', standardise: false }) as const;

  test('counts of the past, worked out by hand', async () => {
    const { dataset } = await prepared(
      [
        feature('mine', { of: 'entity', statistic: 'count' }),
        feature('clicks', { of: 'entity', statistic: 'clicks' }),
        feature('its', { of: 'item', statistic: 'count' }),
        feature('since', { of: 'item', statistic: 'days_since_last' }),
      ],
      2,
    );
    const events = await allEvents(dataset);
    const positives = events.filter(({ label }) => label === 1);
    expect(events.length).toBeGreaterThan(positives.length + 5);
    const of = (entity: string) =>
      positives
        .filter((event) => event.entity === entity)
        .map(({ item, ms, features: { mine, clicks, its, since } }) => [
          item,
          ms / DAY_MS,
          mine,
          clicks,
          its,
          since,
        ]);
    expect(of('u')).toEqual([
      ['x', 1, 0, 0, 0, 0],
      ['y', 2, 1, 1, 0, 0],
      ['z', 3, 2, 2, 1, 2],
      ['w', 3, 2, 2, 0, 0], // its own other event of that instant is not the past
      ['x', 5, 4, 4, 2, 3],
    ]);
    expect(of('v')).toEqual([
      ['x', 2, 0, 0, 1, 1],
      ['y', 6, 1, 1, 1, 4],
    ]);
    // A negative stands at its positive's instant: it shares the entity's past, and has the past of its own item.
    const negatives = events.filter(({ label }) => label === 0);
    for (const event of negatives)
      for (const [name, statistic, side] of [
        ['mine', 'count', 'entity'],
        ['clicks', 'clicks', 'entity'],
        ['its', 'count', 'item'],
        ['since', 'days_since_last', 'item'],
      ] as const)
        expect(event.features[name], JSON.stringify(event)).toBe(
          reference(log, event, { of: side, statistic, delayMinutes: 0 }, 1),
        );
  });

  test('the past does not depend on how many negatives are sampled', async () => {
    const features = [feature('mine', { of: 'entity', statistic: 'count' })];
    const past = async (perPositive: number) =>
      (await allEvents((await prepared(features, perPositive)).dataset))
        .filter(({ label }) => label === 1)
        .map((event) => event.features['mine']);
    expect(await past(3)).toEqual(await past(1));
  });

  test('the first event of an item is one that happened, among negatives of the same instant too', async () => {
    // All at once: rows before an item's own may hold it as a negative, with their own kind.
    const rows = Array.from({ length: 30 }, (_, n) => `u${n},i${n % 10},0,kind of i${n % 10}\n`);
    await folder.write('events.csv', `user,item,time,kind\n${rows.join('')}`);
    const base = plain({ split: { kind: 'entity-holdout', test: 0.2, valid: 0.2 } });
    const { dataset } = await prep(folder, {
      ...base,
      columns: { ...base.columns!, label: { kind: 'implicit', negatives: { perPositive: 3 } } },
      features: [{ name: 'kind', side: 'item', kind: 'categorical', from: 'events' }],
    });
    const kinds = await sideFeatures(dataset, 'item');
    expect(Object.keys(kinds)).toHaveLength(11);
    for (const [item, { kind }] of Object.entries(kinds)) expect(kind).toBe(item && `kind of ${item}`);
  });

  test('a click rate is 1 everywhere, and a warning says so', async () => {
    const { dataset, reported } = await prepared(
      [
        feature('rate', { of: 'entity', statistic: 'rate' }),
        feature('mine', { of: 'item', statistic: 'count' }),
      ],
      1,
    );
    const rates = (await allEvents(dataset)).map((event) => event.features['rate']);
    expect(new Set(rates)).toEqual(new Set([1]));
    const warnings = reported.filter((event) => event.kind === 'warning');
    expect(warnings.map(({ code }) => code)).toEqual(['HISTORY_CONSTANT']);
    expect(warnings[0]!.text).toContain('"rate"');
  });
});

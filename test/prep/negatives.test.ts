// Sampled negatives: never an item that the entity meets anywhere in the log, never one that was not around yet.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawNegatives } from '../../src/prep/split/draw-negatives.js';
import { allEvents, type Folder, plain, prep, temporaryFolder } from './prep-harness.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** (entity, item, time) of positives; few of each, so that they often meet. */
const positive = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 }), fc.nat({ max: 30 }));
type Positive = readonly [entity: number, item: number, time: number];

const byEntityAndTime = (a: Positive, b: Positive): number => a[0] - b[0] || a[2] - b[2];

/** Every negative of `rows` as (row, item). */
function draw(rows: readonly Positive[], perPositive: number, seed: number) {
  const firsts = new Map<number, number>();
  for (const [, item, time] of rows) firsts.set(item, Math.min(time, firsts.get(item) ?? time));
  const items = [...firsts].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const picks: (readonly [row: number, item: number])[] = [];
  const short = drawNegatives(
    { perPositive, seed },
    {
      item: Int32Array.from(items, ([item]) => item),
      firstTs: Float64Array.from(items, ([, first]) => first),
      running: Float64Array.from(items, (_, n) => n + 1),
    },
    {
      entity: Int32Array.from(rows, ([entity]) => entity),
      item: Int32Array.from(rows, ([, item]) => item),
      ts: Float64Array.from(rows, ([, , time]) => time),
      order: Float64Array.from(rows, (_, n) => n),
    },
    (row, _copy, item) => picks.push([row, item]),
  );
  return { picks, short, firsts };
}

test('drawn from items that were around, and that the entity never meets, later included', () => {
  let drawn = 0;
  fc.assert(
    fc.property(
      fc.array(positive, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (unsorted, perPositive, seed) => {
        const rows = [...unsorted].sort(byEntityAndTime);
        const { picks, short, firsts } = draw(rows, perPositive, seed);
        drawn += picks.length;
        const met = new Set(rows.map(([entity, item]) => `${entity} ${item}`));
        for (const [row, item] of picks) {
          const [entity, , time] = rows[row]!;
          expect(met.has(`${entity} ${item}`)).toBe(false);
          expect(firsts.get(item)!).toBeLessThanOrEqual(time);
        }
        expect(new Set(picks.map(([row, item]) => `${row} ${item}`)).size).toBe(picks.length);
        expect(picks.length + short).toBe(rows.length * perPositive);
        expect(draw(rows, perPositive, seed).picks).toEqual(picks);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  expect(drawn).toBeGreaterThan(2_000);
});

test('through prep: positives as they were, negatives beside them, in every split', async () => {
  let negatives = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(positive, { minLength: 25, maxLength: 60, selector: (row) => row.join() }),
      fc.constantFrom('popularity' as const, 'uniform' as const),
      async (rows, by) => {
        const body = rows.map(([entity, item, time]) => `u${entity},i${item},${1000 + time}\n`).join('');
        await folder.write('events.csv', `user,item,time\n${body}`);
        const { result, dataset } = await prep(
          folder,
          plain({
            columns: {
              entity: 'user',
              item: 'item',
              timestamp: { column: 'time', unit: 's' },
              label: { kind: 'implicit', negatives: { perPositive: 2, by, seed: 3 } },
            },
            split: { kind: 'per-entity-time', test: 0.2, valid: 0.2 },
          }),
        );
        const events = await allEvents(dataset);
        const positives = events.filter(({ label }) => label === 1);
        const keys = new Set(positives.map(({ entity, item, ms }) => `${entity},${item},${ms / 1000}`));
        expect(keys).toEqual(new Set(rows.map(([e, i, t]) => `u${e},i${i},${1000 + t}`)));
        const met = new Set(positives.map(({ entity, item }) => `${entity} ${item}`));
        const first = (item: string) =>
          Math.min(...positives.filter((row) => row.item === item).map(({ ms }) => ms));
        for (const { entity, item, ms, label, split } of events) {
          if (label === 1) continue;
          negatives++;
          expect(met.has(`${entity} ${item}`)).toBe(false);
          expect(first(item)).toBeLessThanOrEqual(ms);
          // A negative belongs to the split of its positive, at the same instant.
          expect(positives.some((row) => row.entity === entity && row.ms === ms && row.split === split)).toBe(
            true,
          );
        }
        const missing = dataset.manifest.notes?.['negatives that could not be found'] ?? 0;
        expect(result.rows + missing).toBe(3 * rows.length);
      },
    ),
    { seed: 2, numRuns: 6 },
  );
  expect(negatives).toBeGreaterThan(200);
});

// What is planted is there: known probabilities, tastes that drift, long tails, newcomers, and a reason to personalise.
import { describe, expect, it } from 'vitest';
import { rankAuc } from '../../src/onboard/sniff/rank-auc.js';
import { SYNTHETIC_START_MS, syntheticEvents } from '../../src/synthetic/events.js';
import { syntheticOptionsSchema } from '../../src/synthetic/options.js';
import { plantWorld, sharedLogit, tasteLogit } from '../../src/synthetic/world.js';
import { generateSynthetic } from './whole-log.js';

const DEFAULTS = syntheticOptionsSchema.parse({});

const DAY_MS = 86_400_000;
const log = generateSynthetic({}, 1);
const { world, events } = log;
const dayOf = (row: number): number => (events.timestampMs[row]! - SYNTHETIC_START_MS) / DAY_MS;
const rows = Array.from({ length: events.rows }, (_, row) => row);
const shared = rows.map((row) =>
  sharedLogit(world, events.entity[row]!, events.item[row]!, events.surface[row]!, events.position[row]!),
);

describe('the synthetic log', () => {
  it('is the same for the same seed and another for another', () => {
    const small = { members: 40, items: 30, events: 500 };
    const [one, again, other] = [1, 1, 2].map((seed) => generateSynthetic(small, seed));
    expect(one!.events).toEqual(again!.events);
    expect(one!.world.members).toEqual(again!.world.members);
    expect(one!.events.truth).not.toEqual(other!.events.truth);
  });

  it('does not depend on the size of the chunks', () => {
    const planted = plantWorld({ ...DEFAULTS, members: 30, items: 20, events: 100 }, 3);
    const [whole] = syntheticEvents(planted, 100);
    const chunks = [...syntheticEvents(planted, 7)];
    expect(chunks).toHaveLength(15);
    for (const column of ['entity', 'item', 'timestampMs', 'label', 'truth', 'surface', 'position'] as const)
      expect(chunks.flatMap((chunk) => [...chunk[column]])).toEqual([...whole![column]]);
  });

  it('says the probability that decided each click', () => {
    for (const row of rows.slice(0, 2000)) {
      const logit = shared[row]! + tasteLogit(world, events.entity[row]!, events.item[row]!, dayOf(row));
      expect(events.truth[row]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
    }
    // The clicks are draws from the truth: their sum lies within four standard deviations of its sum.
    const excess = rows.reduce((sum, row) => sum + events.label[row]! - events.truth[row]!, 0);
    const variance = rows.reduce((sum, row) => sum + events.truth[row]! * (1 - events.truth[row]!), 0);
    expect(Math.abs(excess) / Math.sqrt(variance)).toBeLessThan(4);
  });

  it('is in order of time, with members and items only while they are there', () => {
    for (const row of rows) {
      if (row > 0 && events.timestampMs[row]! <= events.timestampMs[row - 1]!)
        expect.fail(`row ${row} is not later`);
      const member = events.entity[row]!;
      const day = dayOf(row);
      const there = world.members.joinDay[member]! <= day && day <= world.members.leaveDay[member]!;
      if (!there || world.items.launchDay[events.item[row]!]! > day)
        expect.fail(`row ${row} is out of its time`);
    }
  });

  it('has long-tailed histories, new members and new items after four fifths of the rows', () => {
    const lengths = new Map<number, number>();
    for (const entity of events.entity) lengths.set(entity, (lengths.get(entity) ?? 0) + 1);
    const sorted = [...lengths.values()].sort((a, b) => a - b);
    const share = (wanted: (length: number) => boolean) => sorted.filter(wanted).length / sorted.length;
    expect(sorted[Math.floor(sorted.length / 2)]).toBeGreaterThanOrEqual(10);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(20);
    expect(share((length) => length < 6)).toBeGreaterThan(0.15);
    expect(share((length) => length >= 200)).toBeGreaterThan(0.005);
    const cut = 0.8 * events.rows;
    const knownMembers = new Set(events.entity.subarray(0, cut));
    const knownItems = new Set(events.item.subarray(0, cut));
    const after = rows.slice(cut);
    const newMembers = after.filter((row) => !knownMembers.has(events.entity[row]!)).length / after.length;
    const newItems = after.filter((row) => !knownItems.has(events.item[row]!)).length / after.length;
    expect(newMembers).toBeGreaterThan(0.08);
    expect(newMembers).toBeLessThan(0.25);
    expect(newItems).toBeGreaterThan(0.005);
  });

  it('leaves room between what features tell everybody and what the oracle knows', () => {
    expect(log.oracleAuc).toBeGreaterThan(0.8);
    expect(log.oracleAuc).toBeLessThan(0.86);
    const sharedAuc = rankAuc(shared, events.label);
    expect(sharedAuc).toBeGreaterThan(0.66);
    expect(sharedAuc).toBeLessThan(0.72);
  });

  it('rewards adaptation from few events: the true map and a member’s own past beat the shared part', () => {
    const cut = 0.8 * events.rows;
    const past = new Map<number, number[]>();
    for (const row of rows.slice(0, cut)) {
      const own = past.get(events.entity[row]!);
      if (own === undefined) past.set(events.entity[row]!, [row]);
      else own.push(row);
    }
    const short = rows.slice(cut).filter((row) => {
      const length = past.get(events.entity[row]!)?.length ?? 0;
      return length >= 6 && length < 20;
    });
    expect(short.length).toBeGreaterThan(2000);
    const label = short.map((row) => events.label[row]!);
    const tastes = new Map(
      short.map((row) => [events.entity[row]!, adapted(past.get(events.entity[row]!)!)]),
    );
    const adaptedAuc = rankAuc(
      short.map((row) => shared[row]! + dot(tastes.get(events.entity[row]!)!, coordinates(row))),
      label,
    );
    const sharedAuc = rankAuc(
      short.map((row) => shared[row]!),
      label,
    );
    expect(adaptedAuc - sharedAuc).toBeGreaterThan(0.06);
  });
});

describe('options', () => {
  const small = { members: 300, items: 100, events: 5000 };

  it('tasteScale 0: nobody has a taste, and the shared part is the oracle', () => {
    const { world: plain } = generateSynthetic({ ...small, tasteScale: 0 }, 1);
    expect(tasteLogit(plain, 5, 7, 30)).toBe(0);
  });

  it('driftPerDay 0: tastes stay; else they turn and keep their strength', () => {
    const still = plantWorld({ ...DEFAULTS, ...small, driftPerDay: 0 }, 1);
    expect(tasteLogit(still, 5, 7, 0)).toBe(tasteLogit(still, 5, 7, 59));
    const turning = plantWorld({ ...DEFAULTS, ...small, driftPerDay: 0.02 }, 1);
    const strength = (day: number): number => {
      let sum = 0;
      for (let member = 0; member < small.members; member++)
        for (let item = 0; item < small.items; item++) sum += tasteLogit(turning, member, item, day) ** 2;
      return Math.sqrt(sum / (small.members * small.items));
    };
    expect(tasteLogit(turning, 5, 7, 0)).not.toBe(tasteLogit(turning, 5, 7, 59));
    expect(strength(0)).toBeGreaterThan(1.3);
    expect(strength(0)).toBeLessThan(1.7);
    expect(strength(59) / strength(0)).toBeGreaterThan(0.9);
    expect(strength(59) / strength(0)).toBeLessThan(1.1);
  });

  it('tasteExplained 1: the taste is a linear function of age for members of one region and plan', () => {
    const { members } = plantWorld({ ...DEFAULTS, ...small, tasteExplained: 1 }, 1);
    const slopes: number[] = [];
    for (let a = 0; a < members.count; a++)
      for (let b = 0; b < a; b++) {
        const alike = members.region[a] === members.region[b] && members.plan[a] === members.plan[b];
        const years = members.age[a]! - members.age[b]!;
        if (alike && Math.abs(years) > 35)
          slopes.push((members.taste[a * 3]! - members.taste[b * 3]!) / years);
      }
    expect(slopes.length).toBeGreaterThan(20);
    // Ages in the file are rounded years: up to one of more than 35.
    const [low, high] = [Math.min(...slopes), Math.max(...slopes)];
    expect(Math.abs(low)).toBeGreaterThan(0);
    expect(high / low).toBeGreaterThan(0.9);
    expect(high / low).toBeLessThan(1.1);
  });

  it('a world of one member and one item still has its events', () => {
    const tiny = generateSynthetic({ members: 1, items: 1, events: 20, newItemShare: 1, stayDays: 0.01 }, 4);
    expect(tiny.events.rows).toBe(20);
    expect(new Set(tiny.events.entity)).toEqual(new Set([0]));
  });
});

function coordinates(row: number): readonly number[] {
  const at = events.item[row]! * 3;
  return [...world.items.coordinates.subarray(at, at + 3)];
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** The most probable taste given past events: logistic regression on the item's coordinates with the planted prior. */
function adapted(history: readonly number[]): readonly number[] {
  const precision = 3 / DEFAULTS.tasteScale ** 2;
  let taste: readonly number[] = [0, 0, 0];
  for (let step = 0; step < 40; step++) {
    const gradient = taste.map((value) => -precision * value);
    for (const row of history) {
      const seen = coordinates(row);
      const residual = events.label[row]! - 1 / (1 + Math.exp(-(shared[row]! + dot(taste, seen))));
      seen.forEach((value, index) => {
        gradient[index]! += residual * value;
      });
    }
    taste = taste.map((value, index) => value + (1 / (precision + history.length / 2)) * gradient[index]!);
  }
  return taste;
}

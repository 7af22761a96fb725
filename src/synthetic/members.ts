// The planted members: observable features, when they are active, and the hidden taste that drifts.
import { randomStream } from '../random.js';
import type { SyntheticOptions } from './options.js';

export const REGIONS = ['north', 'east', 'south', 'west', 'centre', 'islands'] as const;
export const PLANS = ['free', 'trial', 'paid'] as const;
export const DEVICES = ['phone', 'tablet', 'desktop'] as const;

export interface PlantedMembers {
  readonly count: number;
  /** Years, 16 to 80. */
  readonly age: Uint8Array;
  readonly region: Uint8Array;
  readonly plan: Uint8Array;
  readonly device: Uint8Array;
  /** Days since the log began; a member is active from `joinDay` to `leaveDay`. */
  readonly joinDay: Float32Array;
  readonly leaveDay: Float32Array;
  /** Relative events a day while active. */
  readonly activity: Float64Array;
  /** [members * tasteDimensions]: the taste on the first day, in logits a unit of an item's coordinate. */
  readonly taste: Float32Array;
  /** [members * tasteDimensions]: where the taste turns to: taste(t) = cos(w t) taste + sin(w t) turn. */
  readonly turn: Float32Array;
}

/** Draws the members from the stream `members`: 40 bytes a member, so that a million of them stay small. */
export function plantMembers(options: SyntheticOptions, seed: number): PlantedMembers {
  const random = randomStream(seed, 'synthetic', 'members');
  const map = randomStream(seed, 'synthetic', 'member map');
  const count = options.members;
  const dimensions = options.tasteDimensions;
  const byRegion = Array.from({ length: REGIONS.length * dimensions }, () => map.normal());
  const byPlan = Array.from({ length: PLANS.length * dimensions }, () => map.normal());
  const byAge = Array.from({ length: dimensions }, () => map.normal());
  const age = new Uint8Array(count);
  const region = new Uint8Array(count);
  const plan = new Uint8Array(count);
  const device = new Uint8Array(count);
  const joinDay = new Float32Array(count);
  const leaveDay = new Float32Array(count);
  const activity = new Float64Array(count);
  const taste = new Float32Array(count * dimensions);
  const turn = new Float32Array(count * dimensions);
  const explained = Math.sqrt(options.tasteExplained / 3);
  const own = Math.sqrt(1 - options.tasteExplained);
  const perDimension = options.tasteScale / Math.sqrt(dimensions);
  for (let m = 0; m < count; m++) {
    const years = Math.max(-1.7, Math.min(2.6, random.normal()));
    age[m] = Math.round(42 + 15 * years);
    region[m] = random.integer(REGIONS.length);
    plan[m] = random.integer(PLANS.length);
    device[m] = random.integer(DEVICES.length);
    // Part of the reach lies before the log: those members are there on the first day.
    joinDay[m] = Math.max(0, (random.uniform() * 1.6 - 0.6) * options.days);
    leaveDay[m] = joinDay[m]! + options.stayDays * Math.exp(0.8 * random.normal());
    activity[m] = Math.exp(options.activitySpread * random.normal());
    for (let d = 0; d < dimensions; d++) {
      const seen =
        byRegion[region[m]! * dimensions + d]! + byPlan[plan[m]! * dimensions + d]! + byAge[d]! * years;
      taste[m * dimensions + d] = perDimension * (explained * seen + own * random.normal());
      turn[m * dimensions + d] = perDimension * random.normal();
    }
  }
  return { count, age, region, plan, device, joinDay, leaveDay, activity, taste, turn };
}

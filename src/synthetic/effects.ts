// What everybody shares: the part of a click that features explain, with interactions a linear model cannot hold.
import { randomStream } from '../random.js';
import { CATEGORIES, FORMATS, OBSERVABLES, type PlantedItems } from './items.js';
import { DEVICES, PLANS, type PlantedMembers, REGIONS } from './members.js';
import type { SyntheticOptions } from './options.js';
import { standardise } from './standardise.js';

export const SURFACES = ['feed', 'mail', 'search'] as const;
export const LAST_POSITION = 12;

export interface SharedEffects {
  /** [members] logits. */
  readonly member: Float32Array;
  /** [items] logits, quality included. */
  readonly item: Float32Array;
  /** [surfaces * LAST_POSITION] logits by surface and position - 1. */
  readonly place: Float64Array;
  /** [plans * items]: what a plan makes of the item's categories. */
  readonly planByItem: Float32Array;
  /** [devices * formats]: what a device makes of a format. */
  readonly deviceByFormat: Float64Array;
  /** Logits a standardised year of age and a standardised unit of difficulty. */
  readonly ageByDifficulty: number;
}

/**
 * Draws the shared effects from the stream `effects`. Variances of members, items, places and interactions
 * are 1/6, 1/3, 1/6 and 1/3 of globalScale squared.
 */
export function plantEffects(
  options: SyntheticOptions,
  members: PlantedMembers,
  items: PlantedItems,
  seed: number,
): SharedEffects {
  const random = randomStream(seed, 'synthetic', 'effects');
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
  const regions = normals(REGIONS.length);
  const plans = normals(PLANS.length);
  const loadings = normals(OBSERVABLES);
  const formats = normals(FORMATS.length);
  const memberPart = new Float64Array(members.count);
  for (let m = 0; m < members.count; m++) {
    const years = (members.age[m]! - 42) / 15;
    memberPart[m] = regions[members.region[m]!]! + plans[members.plan[m]!]! - 0.7 * years * years;
  }
  const itemPart = new Float64Array(items.count);
  for (let i = 0; i < items.count; i++) {
    const novelty = items.observables[i * OBSERVABLES + OBSERVABLES - 1]!;
    let value = formats[items.format[i]!]! - 0.5 * novelty * novelty;
    for (let o = 0; o < OBSERVABLES; o++)
      value += (o < CATEGORIES.length ? 2.5 : 1) * loadings[o]! * items.observables[i * OBSERVABLES + o]!;
    itemPart[i] = value;
  }
  const surfaces = normals(SURFACES.length);
  const place = Float64Array.from({ length: SURFACES.length * LAST_POSITION }, (_, at) => {
    const position = 1 + (at % LAST_POSITION);
    return surfaces[Math.floor(at / LAST_POSITION)]! - 1.2 * Math.log(position);
  });
  const scale = options.globalScale;
  const item = scaled(standardise(itemPart), scale * Math.sqrt(1 / 3));
  for (let i = 0; i < items.count; i++) item[i] = item[i]! + items.quality[i]!;
  return {
    member: Float32Array.from(scaled(standardise(memberPart), scale * Math.sqrt(1 / 6))),
    item: Float32Array.from(item),
    place: scaled(standardise(place), scale * Math.sqrt(1 / 6)),
    planByItem: planByItem(
      scaled(standardise(normals(PLANS.length * CATEGORIES.length)), scale * 0.5),
      items,
    ),
    deviceByFormat: scaled(standardise(normals(DEVICES.length * FORMATS.length)), scale / 3),
    ageByDifficulty: scale / 3,
  };
}

/** [plans * items] from [plans * categories]: the mean over the item's categories. */
function planByItem(planByCategory: Float64Array, items: PlantedItems): Float32Array {
  return Float32Array.from({ length: PLANS.length * items.count }, (_, at) => {
    const plan = Math.floor(at / items.count) * CATEGORIES.length;
    const seen = (at % items.count) * OBSERVABLES;
    let sum = 0;
    for (let c = 0; c < CATEGORIES.length; c++)
      sum += planByCategory[plan + c]! * items.observables[seen + c]!;
    return sum;
  });
}

function scaled(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => value * factor);
}

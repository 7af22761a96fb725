// The planted world: who is there, what there is to click, and the true probability that one clicks the other.

import { LAST_POSITION, plantEffects, type SharedEffects } from './effects.js';
import { ATTRIBUTES, CATEGORIES, FORMATS, OBSERVABLES, type PlantedItems, plantItems } from './items.js';
import { type PlantedMembers, plantMembers } from './members.js';
import type { SyntheticOptions } from './options.js';

const DIFFICULTY = CATEGORIES.length + ATTRIBUTES.indexOf('difficulty');

export interface SyntheticWorld {
  readonly options: SyntheticOptions;
  readonly seed: number;
  readonly members: PlantedMembers;
  readonly items: PlantedItems;
  readonly effects: SharedEffects;
}

/** Everything but the events. Pure: the same options and seed give the same world. */
export function plantWorld(options: SyntheticOptions, seed: number): SyntheticWorld {
  const members = plantMembers(options, seed);
  const items = plantItems(options, seed);
  return { options, seed, members, items, effects: plantEffects(options, members, items, seed) };
}

/** Logit of what features and item quality say, whoever the member is. `position` counts from 1. */
export function sharedLogit(
  world: SyntheticWorld,
  member: number,
  item: number,
  surface: number,
  position: number,
): number {
  const { members, items, effects } = world;
  let logit = world.options.intercept + effects.member[member]! + effects.item[item]!;
  logit += effects.place[surface * LAST_POSITION + position - 1]!;
  logit += effects.planByItem[members.plan[member]! * items.count + item]!;
  logit += effects.deviceByFormat[members.device[member]! * FORMATS.length + items.format[item]!]!;
  const difficulty = items.observables[item * OBSERVABLES + DIFFICULTY]!;
  return logit + effects.ageByDifficulty * ((members.age[member]! - 42) / 15) * difficulty;
}

/** Logit of the member's own taste for the item, `day` days into the log. */
export function tasteLogit(world: SyntheticWorld, member: number, item: number, day: number): number {
  const { taste, turn } = world.members;
  const { coordinates } = world.items;
  const dimensions = world.options.tasteDimensions;
  const angle = world.options.driftPerDay * day;
  const stays = Math.cos(angle);
  const turns = Math.sin(angle);
  let logit = 0;
  for (let d = 0; d < dimensions; d++) {
    const at = member * dimensions + d;
    logit += (stays * taste[at]! + turns * turn[at]!) * coordinates[item * dimensions + d]!;
  }
  return logit;
}

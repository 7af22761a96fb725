// The synthetic log as one value in memory, with the AUC that its true probabilities reach.

import { rankAuc } from '../../src/onboard/sniff/rank-auc.js';
import { type SyntheticEvents, syntheticEvents } from '../../src/synthetic/events.js';
import { type SyntheticOptions, syntheticOptionsSchema } from '../../src/synthetic/options.js';
import { plantWorld, type SyntheticWorld } from '../../src/synthetic/world.js';

const DEFAULTS = syntheticOptionsSchema.parse({});

interface SyntheticLog {
  readonly world: SyntheticWorld;
  readonly events: SyntheticEvents;
  /** AUC of the true probabilities over all events: the reachable ceiling. */
  readonly oracleAuc: number;
}

/** The whole log for the given sizes and strengths. Pure: equal arguments give equal columns. */
export function generateSynthetic(options: Partial<SyntheticOptions>, seed: number): SyntheticLog {
  const world = plantWorld({ ...DEFAULTS, ...options }, seed);
  const [events] = syntheticEvents(world, world.options.events);
  if (events === undefined) throw new RangeError('a synthetic log needs at least one event');
  return { world, events, oracleAuc: rankAuc(events.truth, events.label) };
}

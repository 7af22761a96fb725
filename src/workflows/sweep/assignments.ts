// Which values a sweep tries for one model: drawn or enumerated, fixed by the sweep's seed.
import type { SweepConfig, SweptSpace, SweptValues } from '../../config/sweep-section.js';
import { canonicalJson } from '../../hash.js';
import { type RandomStream, randomStream } from '../../random.js';

/** Values by dotted key; none for the recipe as it stands. */
export type Assignment = Readonly<Record<string, unknown>>;

/** Draws in a row that bring nothing new, after which a space counts as used up. */
const PATIENCE = 200;

/**
 * At most `trials` assignments, no two alike, the empty one first: what the recipe says must be beaten. Fewer where the space is
 * smaller. A grid of more points than that is a random choice of its points, in random order. Each key draws from a stream of its own,
 * so that a key more does not change what the others get.
 */
export function assignments(
  space: SweptSpace,
  model: string,
  { method, trials, seed }: Pick<SweepConfig, 'method' | 'trials' | 'seed'>,
): readonly Assignment[] {
  if (Object.keys(space).length === 0) return [{}];
  const found = new Map<string, Assignment>([[canonicalJson({}), {}]]);
  const add = (assignment: Assignment): boolean => {
    const before = found.size;
    if (before < trials) found.set(canonicalJson(assignment), assignment);
    return found.size > before;
  };
  if (method === 'grid') {
    const points = [...grid(space)];
    const order = points.map((_, place) => place);
    if (points.length > trials - 1) randomStream(seed, 'sweep', model).shuffle(order);
    for (const place of order) add(points[place]!);
  } else {
    const streams = Object.keys(space).map((key) => [key, randomStream(seed, 'sweep', model, key)] as const);
    for (let stale = 0; found.size < trials && stale < PATIENCE; ) {
      const drawn = Object.fromEntries(streams.map(([key, stream]) => [key, draw(space[key]!, stream)]));
      stale = add(drawn) ? 0 : stale + 1;
    }
  }
  return [...found.values()];
}

/** Every combination, the last key fastest. A range has no points: `rangesOf` names them. */
function* grid(space: SweptSpace): Generator<Assignment> {
  const keys = Object.keys(space);
  function* from(place: number, chosen: Assignment): Generator<Assignment> {
    if (place === keys.length) {
      yield chosen;
      return;
    }
    const values = space[keys[place]!]!;
    if (!Array.isArray(values)) return;
    for (const value of values) yield* from(place + 1, { ...chosen, [keys[place]!]: value });
  }
  yield* from(0, {});
}

/** Keys of a space that a grid cannot enumerate. */
export function rangesOf(space: SweptSpace): readonly string[] {
  return Object.entries(space).flatMap(([key, values]) => (Array.isArray(values) ? [] : [key]));
}

/** Numbers of a range have three digits: no more can matter, and they can be typed again. */
function draw(values: SweptValues, stream: RandomStream): unknown {
  if (Array.isArray(values)) return values[stream.integer(values.length)];
  if ('int' in values) {
    const [low, high] = values.int;
    return low + stream.integer(high - low + 1);
  }
  if ('uniform' in values) {
    const [low, high] = values.uniform;
    return inside(low + (high - low) * stream.uniform(), low, high);
  }
  const [low, high] = values.log;
  return inside(low * (high / low) ** stream.uniform(), low, high);
}

function inside(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(3))));
}

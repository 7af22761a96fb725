// Pairs of one entity's rows where its scores move with the past: both rows scored with what was known at the earlier of the two.
// A row's own score knows the labels of the rows before it, so a click has fewer clicks behind it than the entity's other rows have:
// put side by side, scores of several instants are biased against clicks. Scores of one instant are not.
import { randomStream } from '../../random.js';

/** Instants of an entity, up to which all are compared; of more, this many are drawn, each as often as pairs begin in it. */
export const MOST_INSTANTS = 32;

/** Wins among the pairs of each entity, by entity index. */
export interface EntityPairs {
  /** Pairs of a row with label 1 and a row with label 0 of which the first scores higher; a tie counts half. */
  readonly wins: Float64Array;
  readonly pairs: Float64Array;
  /** Entities of which all pairs were compared, and those of which those of a sample of instants were. */
  readonly exact: number;
  readonly sampled: number;
}

interface Chosen {
  readonly place: number;
  readonly draws: number | 'all';
}

/**
 * Chooses the episodes (rows that share a vector, and what was known) whose pairs are compared: all in which a pair of both labels
 * begins or, of more than `most`, a systematic sample with chances in proportion to their pairs, fixed by seed and entity. The mean
 * share of wins over the draws is then an unbiased estimate of the share over all pairs.
 */
export function pairPlan(
  seed: number,
  most = MOST_INSTANTS,
): (entity: number, queries: readonly Int32Array[], label: Float32Array) => readonly Chosen[] {
  return (entity, queries, label) => {
    const pairs = pairsBegun(queries, label);
    const begun = pairs.flatMap((count, place) => (count > 0 ? [place] : []));
    if (begun.length <= most) return begun.map((place) => ({ place, draws: 'all' }));
    const step = pairs.reduce((sum, count) => sum + count, 0) / most;
    const start = randomStream(seed, 'evaluation', 'pairs', entity).uniform();
    const draws = new Map<number, number>();
    let [passed, at] = [pairs[begun[0]!]!, 0];
    for (let draw = 0; draw < most; draw++) {
      while ((start + draw) * step >= passed && at < begun.length - 1) passed += pairs[begun[++at]!]!;
      draws.set(begun[at]!, (draws.get(begun[at]!) ?? 0) + 1);
    }
    return [...draws].map(([place, times]) => ({ place, draws: times }));
  };
}

/** Of each episode, the pairs of both labels of which the earlier row is its own. */
function pairsBegun(queries: readonly Int32Array[], label: Float32Array): readonly number[] {
  let [laterOnes, laterZeros] = [0, 0];
  return queries
    .toReversed()
    .map((query) => {
      const ones = query.reduce((sum, row) => sum + label[row]!, 0);
      const zeros = query.length - ones;
      const begun = ones * zeros + ones * laterZeros + zeros * laterOnes;
      laterOnes += ones;
      laterZeros += zeros;
      return begun;
    })
    .reverse();
}

interface Labelled {
  readonly label: Float32Array;
  readonly probability: Float64Array;
}

interface Scored {
  readonly entity: number;
  readonly draws: number | 'all';
  readonly own: Labelled;
  readonly later: Labelled;
}

/** Adds up the pairs of episodes. @param entities the largest entity index */
export function pairCounter(entities: number): {
  readonly add: (scored: Scored) => void;
  readonly result: () => EntityPairs;
} {
  const wins = new Float64Array(entities + 1);
  const pairs = new Float64Array(entities + 1);
  const known = { exact: new Set<number>(), sampled: new Set<number>() };
  return {
    add: ({ entity, draws, own, later }) => {
      const [a, b] = [byLabel(own), byLabel(later)];
      const all =
        a.ones.length * a.zeros.length + a.ones.length * b.zeros.length + b.ones.length * a.zeros.length;
      const won = halfWins(a.ones, a.zeros) + halfWins(a.ones, b.zeros) + halfWins(b.ones, a.zeros);
      known[draws === 'all' ? 'exact' : 'sampled'].add(entity);
      const times = draws === 'all' ? 1 : draws / all;
      wins[entity]! += (won / 2) * times;
      pairs[entity]! += all * times;
    },
    result: () => ({ wins, pairs, exact: known.exact.size, sampled: known.sampled.size }),
  };
}

function byLabel({ label, probability }: Labelled): {
  readonly ones: Float64Array;
  readonly zeros: Float64Array;
} {
  const ones = new Float64Array(label.length);
  const zeros = new Float64Array(label.length);
  let [one, zero] = [0, 0];
  for (let row = 0; row < label.length; row++)
    if (label[row] === 1) ones[one++] = probability[row]!;
    else if (label[row] === 0) zeros[zero++] = probability[row]!;
  return { ones: ones.subarray(0, one), zeros: zeros.subarray(0, zero).sort() };
}

/** Twice the wins of `ones` over `zeros`, which ascend; a tie counts one. */
function halfWins(ones: Float64Array, zeros: Float64Array): number {
  let total = 0;
  for (const score of ones)
    total += countWhile(zeros, (zero) => zero < score) + countWhile(zeros, (zero) => zero <= score);
  return total;
}

/** How many of the first values hold, where those that do come first. */
function countWhile(values: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

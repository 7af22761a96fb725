// Named random streams: every consumer of randomness draws from its own stream, so that adding one never shifts another.
import { createHash } from 'node:crypto';

export interface RandomStream {
  /** Uniform in [0, 1) with 32 bits of resolution. */
  uniform(): number;
  /** 32 random bits as an unsigned integer. */
  word(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Shuffles the first `count` places of an array in place (Fisher–Yates from the front); the whole array by default. */
  shuffle<T extends { [index: number]: number; length: number }>(values: T, count?: number): T;
  /** The four words of state, to be stored in a checkpoint. */
  state(): readonly [number, number, number, number];
}

/** A stream fixed by the run's seed and a name path such as `['episodes', 'epoch 3']`. */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...names]))
    .digest();
  return streamFromState([
    digest.readUInt32LE(0),
    digest.readUInt32LE(4),
    digest.readUInt32LE(8),
    digest.readUInt32LE(12),
  ]);
}

/** Continues a stream from `state()`. The generator is sfc32 (Chris Doty-Humphrey's PractRand). */
export function streamFromState(state: readonly [number, number, number, number]): RandomStream {
  let [a, b, c, counter] = state;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  const uniform = (): number => next() / 4294967296;
  const integer = (bound: number): number => Math.floor(uniform() * bound);
  return {
    uniform,
    word: next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (values, count = values.length) => {
      const places = Math.min(count, values.length - 1);
      for (let i = 0; i < places; i++) {
        const j = i + integer(values.length - i);
        const kept = values[i]!;
        values[i] = values[j]!;
        values[j] = kept;
      }
      return values;
    },
    state: () => [a, b, c, counter],
  };
}

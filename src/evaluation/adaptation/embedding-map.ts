// A picture of the meta embeddings: a sample of entities on the two axes along which they differ most.
import { randomStream } from '../../random.js';
import type { AdaptedEntities } from '../../scoring/score.js';
import type { EvaluationConfig } from '../config/evaluation-config.js';
import { byCount } from '../segments/segment-keys.js';
import type { EmbeddingMap } from './adaptation-result.js';
import { principalPlane } from './principal-axes.js';

/** The vectors of the same entities in the same order, as served and without support. */
interface MappedVectors {
  readonly served: readonly AdaptedEntities[];
  readonly prior: readonly AdaptedEntities[];
}

/** Axes are those of all entities given; only a seeded sample of them is drawn. */
export function embeddingMap(
  model: string,
  size: number,
  { served, prior }: MappedVectors,
  config: EvaluationConfig,
  seed: number,
): EmbeddingMap {
  const lengths = Int32Array.from(served.flatMap(({ historyLength }) => historyLength));
  const vectors = joined(served, lengths.length * size);
  const plane = principalPlane(vectors, size);
  const { values, code } = byCount('historyLength', lengths, config.segments.historyLength);
  const most = Math.min(lengths.length, config.adaptation.mapEntities);
  const drawn = randomStream(seed, 'adaptation', 'map')
    .shuffle(Int32Array.from(lengths, (_, i) => i))
    .subarray(0, most)
    .sort();
  const pick = (from: ArrayLike<number>): number[] => Array.from(drawn, (i) => from[i]!);
  const rounded = (from: ArrayLike<number>): number[] =>
    pick(from).map((value) => Number(value.toPrecision(4)));
  return {
    model,
    size,
    entities: most,
    sampledFrom: most < lengths.length ? lengths.length : null,
    explained: plane.explained,
    segments: values,
    movement: movements(vectors, joined(prior, vectors.length), size, code, values.length),
    segment: pick(code),
    x: rounded(plane.x),
    y: rounded(plane.y),
  };
}

function joined(parts: readonly AdaptedEntities[], length: number): Float32Array {
  const vectors = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    vectors.set(part.vectors, at);
    at += part.vectors.length;
  }
  return vectors;
}

/** Root mean square of ‖vector − prior‖ by bucket, over the spread of all vectors. */
export function movements(
  vectors: Float32Array,
  prior: Float32Array,
  size: number,
  code: Uint8Array,
  buckets: number,
): (number | null)[] {
  const squares = new Float64Array(buckets);
  const counts = new Float64Array(buckets);
  for (let i = 0; i < vectors.length; i++)
    squares[code[Math.floor(i / size)]!]! += (vectors[i]! - prior[i]!) ** 2;
  for (const bucket of code) counts[bucket]!++;
  const spread = Math.sqrt(variance(vectors, size));
  return Array.from(counts, (count, bucket) =>
    count === 0 || spread === 0 ? null : Math.sqrt(squares[bucket]! / count) / spread,
  );
}

/** Mean squared distance of the vectors from their mean. */
function variance(vectors: Float32Array, size: number): number {
  const count = vectors.length / size;
  let total = 0;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    let squares = 0;
    for (let at = i; at < vectors.length; at += size) sum += vectors[at]!;
    for (let at = i; at < vectors.length; at += size) squares += (vectors[at]! - sum / count) ** 2;
    total += squares / count;
  }
  return total;
}

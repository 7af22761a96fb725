// A picture of the meta embeddings: a sample of entities on the two axes along which they differ most.
import { randomStream } from '../../random.js';
import type { AdaptedEntities } from '../../training/score-split.js';
import type { EvaluationConfig } from '../evaluation-config.js';
import { byHistoryLength } from '../segments/segment-keys.js';
import type { EmbeddingMap } from './adaptation-result.js';
import { principalPlane } from './principal-axes.js';

/** Axes are those of all entities given; only a seeded sample of them is drawn. */
export function embeddingMap(
  model: string,
  size: number,
  parts: readonly AdaptedEntities[],
  config: EvaluationConfig,
  seed: number,
): EmbeddingMap {
  const lengths = Int32Array.from(parts.flatMap(({ historyLength }) => historyLength));
  const vectors = new Float32Array(lengths.length * size);
  let at = 0;
  for (const part of parts) {
    vectors.set(part.vectors, at);
    at += part.vectors.length;
  }
  const plane = principalPlane(vectors, size);
  const { values, code } = byHistoryLength(lengths, config.segments.historyLength);
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
    segment: pick(code),
    x: rounded(plane.x),
    y: rounded(plane.y),
  };
}

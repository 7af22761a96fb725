// Draws the dropout mask of a tile's rows.
import { type RandomStream, streamFromState } from '../../random.js';
import type { Tile } from './tile.js';

/** Which values of a mask are asked for: `length` of them from place `from` of `of`. */
interface MaskPart {
  readonly from: number;
  readonly length: number;
  readonly of: number;
}

/**
 * 0 with probability `rate` (to 16 bits), else 1 / (1 − rate), two values from a word. All `of` values are drawn, so that the parts
 * of a mask are the mask, and the stream is left where the whole would leave it.
 */
function dropoutMask({ from, length, of }: MaskPart, rate: number, stream: RandomStream): Float32Array {
  const kept = 1 / (1 - rate);
  const limit = Math.round(rate * 65536);
  const mask = new Float32Array(length);
  const first = from >> 1;
  const last = (from + length + 1) >> 1;
  for (let i = 0; i < first; i++) stream.word();
  for (let i = first, at = 2 * first - from; i < last; i++, at += 2) {
    const word = stream.word();
    if (at >= 0) mask[at] = (word & 0xffff) < limit ? 0 : kept;
    if (at + 1 < length) mask[at + 1] = word >>> 16 < limit ? 0 : kept;
  }
  for (let i = last; i < (of + 1) >> 1; i++) stream.word();
  return mask;
}

/** Draws a tile's masks of the shape and rate given, in the order in which they are asked for; undefined where it has no dropout. */
export function masksOf({
  dropout,
  within,
}: Pick<Tile, 'dropout' | 'within'>): ((shape: readonly number[], rate: number) => Float32Array) | undefined {
  if (dropout === undefined) return undefined;
  const stream = streamFromState(dropout);
  return (shape, rate) => {
    const length = shape.reduce((size, dim) => size * dim, 1);
    const row = length / shape[0]!;
    const { from, of } = within ?? { from: 0, of: shape[0]! };
    return dropoutMask({ from: from * row, length, of: of * row }, rate, stream);
  };
}

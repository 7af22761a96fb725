// A world with known answers for the interval tests: clicks depend on the row and on the entity's taste, and two
// models know the taste with errors of their own that all rows of an entity share.
import type { ScoredRows } from '../../src/evaluation/rows/scored-rows.js';
import type { RandomStream } from '../../src/random.js';
import { scoredRows } from './arrays.js';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Rows of `entities` entities with 5 to 25 rows each, scored by models `a` and `b`. */
export function clusteredWorld(stream: RandomStream, entities: number): ScoredRows {
  const label: number[] = [];
  const entity: number[] = [];
  const a: number[] = [];
  const b: number[] = [];
  for (let e = 1; e <= entities; e++) {
    const taste = stream.normal();
    const errorA = 0.8 * stream.normal();
    const errorB = 0.8 * stream.normal();
    const rows = 5 + stream.integer(21);
    for (let row = 0; row < rows; row++) {
      const x = stream.normal();
      label.push(stream.uniform() < sigmoid(x + taste - 0.5) ? 1 : 0);
      entity.push(e);
      a.push(sigmoid(x + 0.3 * stream.normal() + 0.5 * taste + errorA - 0.5));
      b.push(sigmoid(0.9 * x + 0.4 * stream.normal() + 0.4 * taste + errorB - 0.4));
    }
  }
  return scoredRows({ label, entity, scores: { a, b } });
}

// No vector that is not finite is ever stored.
import type { VectorRows } from './store.js';

/** The first entity whose vector holds a number that is none, or that is infinite; undefined where all are finite. */
export function notFinite({
  entities,
  vectors,
}: Pick<VectorRows, 'entities' | 'vectors'>): string | undefined {
  const wrong = vectors.findIndex((value) => !Number.isFinite(value));
  return wrong < 0 ? undefined : entities[Math.floor((wrong * entities.length) / vectors.length)];
}

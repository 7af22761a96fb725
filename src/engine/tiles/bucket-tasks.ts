// Puts tasks of like support length together, so that little of a padded tile is padding.
import type { Episode } from './episode.js';

/**
 * Groups task places into tiles after sorting by support length, longest first. A tile has at most `tileRows` padded rows
 * (support + query); a single task may exceed it.
 */
export function bucketTasks(episodes: readonly Episode[], tileRows: number): number[][] {
  return bucketLengths(
    Int32Array.from(episodes, (episode) => episode.support.length),
    Int32Array.from(episodes, (episode) => episode.query.length),
    tileRows,
  );
}

/** The same of tasks of which only the numbers of their support and query rows are known. */
export function bucketLengths(support: Int32Array, query: Int32Array, tileRows: number): number[][] {
  const order = Int32Array.from(support, (_, i) => i);
  const rows = (i: number): number => Math.max(1, support[i]!) + query[i]!;
  order.sort((a, b) => support[b]! - support[a]! || rows(b) - rows(a) || a - b);
  const tiles: number[][] = [];
  let current: number[] = [];
  let widest = 0;
  let widestQuery = 0;
  for (const i of order) {
    const nextSupport = Math.max(widest, support[i]!, 1);
    const nextQuery = Math.max(widestQuery, query[i]!);
    if (current.length > 0 && (current.length + 1) * (nextSupport + nextQuery) > tileRows) {
      tiles.push(current);
      current = [];
      widest = Math.max(1, support[i]!);
      widestQuery = query[i]!;
    } else {
      widest = nextSupport;
      widestQuery = nextQuery;
    }
    current.push(i);
  }
  if (current.length > 0) tiles.push(current);
  return tiles;
}

// Puts tasks of like support length together, so that little of a padded tile is padding.
import type { Episode } from './episode.js';

/**
 * Groups task places into tiles after sorting by support length, longest first. A tile has at most `tileRows` padded rows
 * (support + query); a single task may exceed it.
 */
export function bucketTasks(episodes: readonly Episode[], tileRows: number): number[][] {
  const order = episodes.map((_, i) => i);
  const rows = (i: number): number => Math.max(1, episodes[i]!.support.length) + episodes[i]!.query.length;
  order.sort(
    (a, b) => episodes[b]!.support.length - episodes[a]!.support.length || rows(b) - rows(a) || a - b,
  );
  const tiles: number[][] = [];
  let current: number[] = [];
  let support = 0;
  let query = 0;
  for (const i of order) {
    const nextSupport = Math.max(support, episodes[i]!.support.length, 1);
    const nextQuery = Math.max(query, episodes[i]!.query.length);
    if (current.length > 0 && (current.length + 1) * (nextSupport + nextQuery) > tileRows) {
      tiles.push(current);
      current = [];
      support = Math.max(1, episodes[i]!.support.length);
      query = episodes[i]!.query.length;
    } else {
      support = nextSupport;
      query = nextQuery;
    }
    current.push(i);
  }
  if (current.length > 0) tiles.push(current);
  return tiles;
}

// How many support rows scored rows are served with.
import type { PreparedDataset } from '../prepared/dataset.js';
import type { SupportPolicy } from './support.js';
import { scoredEpisodes, type Windows } from './windows.js';

/** Support rows that each row of the split with code `target` is scored with, shard by shard. Throws what the policy throws. */
export async function* supportSizes(
  dataset: PreparedDataset,
  target: number,
  policy: SupportPolicy,
  windows?: Windows,
): AsyncGenerator<Int32Array> {
  for (let index = 0; index < dataset.shardCount; index++) {
    const episodes = scoredEpisodes(await dataset.shard(index), target, policy, windows);
    yield Int32Array.from(
      episodes.flatMap(({ support, query }) => new Array<number>(query.length).fill(support.length)),
    );
  }
}

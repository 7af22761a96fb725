// A shard of the log while it is prepared: a contiguous range of entity indexes.

export interface ShardRange {
  /** First and last entity index. */
  readonly from: number;
  readonly to: number;
}

/** SQL condition for the rows of one shard. Events are sorted by entity, so this touches a contiguous part of the table. */
export const inShard = (shard: ShardRange, column = 'entity'): string =>
  `${column} BETWEEN ${shard.from} AND ${shard.to}`;

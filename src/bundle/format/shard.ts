// A share of the work on a bundle: shard `index` of `of`, counted from 0.
import { z } from 'zod';

export const shardSchema = z
  .object({ index: z.int().min(0), of: z.int().min(2) })
  .refine(({ index, of }) => index < of, 'a shard below the number of shards expected')
  .readonly();

export type Shard = z.output<typeof shardSchema>;

/** Whether piece `n` of the work is the shard's: pieces are dealt in turn, so that each is computed as the whole would be, to the bit. */
export const isOwn = (shard: Shard | undefined, n: number): boolean =>
  shard === undefined || n % shard.of === shard.index;

export const shardText = ({ index, of }: Shard): string => `shard ${index} of ${of}`;

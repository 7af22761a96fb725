// --shards and --shard: which share of the work a process does.
import { UserError } from '../../errors.js';

export const shardFlags = {
  shards: {
    kind: 'integer',
    value: 'number',
    minimum: 2,
    summary: 'do a share of the work, of so many; limaml merge puts them together',
  },
  shard: { kind: 'integer', value: 'i', minimum: 0, summary: 'which share, from 0' },
} as const;

/** The shard asked for; undefined for all of the work. `besides`: flags that a share of the work cannot do. Throws UserError USAGE. */
export function shardOf(
  command: string,
  { shards, shard }: { readonly shards: number | undefined; readonly shard: number | undefined },
  besides: Readonly<Record<string, unknown>>,
): { readonly index: number; readonly of: number } | undefined {
  const where = `limaml ${command}`;
  if (shards === undefined && shard === undefined) return undefined;
  if (shards === undefined || shard === undefined || shard >= shards)
    throw new UserError({
      code: 'USAGE',
      where,
      what: 'A share of the work takes --shards with their number and --shard from 0 to one below it.',
      next: `See: ${where} --help`,
    });
  const wrong = Object.entries(besides).find(([, given]) => given !== undefined && given !== false);
  if (wrong === undefined) return { index: shard, of: shards };
  throw new UserError({
    code: 'USAGE',
    where,
    what: `${wrong[0]} is for a whole bundle, and a shard writes a part of one.`,
    next: 'Do that after limaml merge.',
  });
}

// Which rows a model may learn from or adapt on at each stage of an experiment.

import type { EventShard } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { History } from './support.js';

/** Split codes by purpose. */
export interface RowRoles {
  /** Rows the outer loop trains on. */
  readonly learn: readonly number[];
  /** Rows that may be support when the target rows are scored. */
  readonly support: readonly number[];
}

/** While the epoch is chosen: learn from train, score valid. */
export const SELECT_ROLES: RowRoles = { learn: [SPLIT.train], support: [SPLIT.train, SPLIT.support] };
/** After a refit: everything before test. */
const REFIT_ROLES: RowRoles = {
  learn: [SPLIT.train, SPLIT.valid],
  support: [SPLIT.train, SPLIT.valid, SPLIT.support],
};

/** What a trained model learned from, and may adapt on when the rows after that are scored. */
export function rolesAfter({ refit }: { readonly refit: boolean }): RowRoles {
  return refit ? REFIT_ROLES : SELECT_ROLES;
}

/** All rows of the i-th entity of a shard. */
export function entityHistory(shard: EventShard, place: number): History {
  const [from, to] = [shard.offsets[place]!, shard.offsets[place + 1]!];
  const rows = new Int32Array(to - from);
  for (let i = 0; i < rows.length; i++) rows[i] = from + i;
  return { entity: shard.entities[place]!, shard, rows };
}

/** The rows of the i-th entity of a shard whose split is one of `codes`, in time order. */
export function entityRows(shard: EventShard, place: number, codes: readonly number[]): Int32Array {
  const rows: number[] = [];
  for (let row = shard.offsets[place]!; row < shard.offsets[place + 1]!; row++)
    if (codes.includes(shard.split[row]!)) rows.push(row);
  return Int32Array.from(rows);
}

/** All rows of a shard whose split is one of `codes`. */
export function shardRows(shard: EventShard, codes: readonly number[]): Int32Array {
  const rows = new Int32Array(shard.rows);
  let count = 0;
  for (let row = 0; row < shard.rows; row++) if (codes.includes(shard.split[row]!)) rows[count++] = row;
  return rows.slice(0, count);
}

// What a kind of split is: its fields in the descriptor, and how it tells training, validation and test rows.
import type { z } from 'zod';
import type { Database } from '../../database/database.js';
import type { SplitName } from '../../prepared/format.js';

import type { ShardRange } from './shard-range.js';
import type { SplitPlan } from './split-plan.js';

/** What every kind of split has. */
interface CommonSplit {
  /** Fractions of rows or entities, above 0 and together below 1. */
  readonly test: number;
  readonly valid: number;
  /** Rows so close before a boundary are dropped. */
  readonly purgeMinutes: number;
}

/** The values of a split's fields, its own and the common ones. */
type SplitValues<Fields extends z.ZodRawShape> = CommonSplit &
  (keyof Fields extends never ? unknown : z.output<z.ZodObject<Fields>>);

/** A split that the log states itself, by files or by a column. */
export interface StatedSplit {
  readonly column: string | undefined;
  /** The column's words, by split. */
  readonly values: Readonly<Record<SplitName, readonly string[]>>;
  /** What parts that overlap in time do. */
  readonly overlap: 'stop' | 'warn';
}

export interface SplitKind<Name extends string, Fields extends z.ZodRawShape> {
  /** As written in `split.kind`. */
  readonly name: Name;
  /** Fields of its own beside `test`, `valid` and `purgeMinutes`; their names are no other kind's. */
  readonly fields: Fields;
  /** What its fields must agree in, in words that complete an error where they do not. */
  readonly rules?: readonly {
    readonly message: string;
    holds(split: SplitValues<Fields>): boolean;
  }[];
  /** Whether an entity is judged or trained on, never both. */
  readonly holdsOut?: boolean;
  /** Whether its parts lie in each other's time by intention; then a descriptor must say `overlap: warn`. */
  readonly overlaps?: boolean;
  /** For a split that the log states itself. */
  stated?(split: SplitValues<Fields>): StatedSplit;
  /**
   * Tells the split of every row of `events` (entity, item, ts, …; sorted by entity and time). A table `boundaries(entity, valid_from,
   * test_from, role)` may be made for it. Throws `UserError` where the log cannot be split so.
   */
  plan(database: Database, split: SplitValues<Fields>, shards: readonly ShardRange[]): Promise<SplitPlan>;
}

/** Keeps the types of one kind of split together. */
export function defineSplit<const Name extends string, Fields extends z.ZodRawShape>(
  kind: SplitKind<Name, Fields>,
): SplitKind<Name, Fields> {
  return kind;
}

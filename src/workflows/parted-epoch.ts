// Where two logs of a training part: the first epoch, and the number of it, that are not the same.
import type { EpochRecord } from '../training/training-state.js';

/** An epoch of which two logs say otherwise. */
export interface PartedEpoch {
  readonly phase: EpochRecord['phase'];
  readonly epoch: number;
  /** The number that parts furthest: `loss`, `valid auc`. */
  readonly name: string;
  /** Null where one log has ended, or has no such number. */
  readonly values: readonly [number | null, number | null];
  /** Their difference by the size of the first; infinite where one is missing. */
  readonly relative: number;
}

/** What parts two records of one epoch; null where they are the same to the last digit. */
export function partedEpoch(a: EpochRecord | undefined, b: EpochRecord | undefined): PartedEpoch | null {
  const { phase, epoch } = (a ?? b)!;
  if (a === undefined || b === undefined || a.phase !== b.phase || a.epoch !== b.epoch)
    return {
      phase,
      epoch,
      name: 'loss',
      values: [a?.loss ?? null, b?.loss ?? null],
      relative: Number.POSITIVE_INFINITY,
    };
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const parted = [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap(
    (name): readonly PartedEpoch[] => {
      const values = [left[name] ?? null, right[name] ?? null] as const;
      if (Object.is(values[0], values[1])) return [];
      return [{ phase, epoch, name, values, relative: relative(...values) }];
    },
  );
  return parted.length === 0
    ? null
    : parted.reduce((most, one) => (one.relative > most.relative ? one : most));
}

/** The first epoch in which two logs part, and how many before it are the same. */
export function partedLogs(
  a: readonly EpochRecord[],
  b: readonly EpochRecord[],
): { readonly equal: number; readonly parted: PartedEpoch | null } {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const parted = partedEpoch(a[i], b[i]);
    if (parted !== null) return { equal: i, parted };
  }
  return { equal: a.length, parted: null };
}

function relative(a: number | null, b: number | null): number {
  if (a === null || b === null || Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  return Math.abs(b - a) / Math.max(Math.abs(a), Number.MIN_VALUE);
}

function numbersOf({ loss, valid, innerRate }: EpochRecord): Readonly<Record<string, number | null>> {
  const { score: _, ...followed } = valid ?? {};
  return {
    loss,
    ...Object.fromEntries(
      Object.entries(followed).map(([name, value]) => [`valid ${name}`, value as number | null]),
    ),
    ...(innerRate === undefined ? {} : { innerRate }),
  };
}

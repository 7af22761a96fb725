// `limaml runs diff`: where two runs part, in what they were made with and in what they wrote.
import type { RunDescription } from '../runs/describe.js';
import { type Difference, differencesOf } from '../runs/differences.js';
import { readDone } from '../runs/done.js';
import type { EpochRecord } from '../training/training-state.js';

/** An epoch of which the two say otherwise; null where one has ended. */
export interface PartedEpoch {
  readonly phase: EpochRecord['phase'];
  readonly epoch: number;
  readonly name: string;
  readonly values: readonly [number | null, number | null];
}

export interface RunDiff {
  readonly runs: readonly [string, string];
  readonly differences: readonly Difference[];
  /** Epochs that are equal to the last digit, and the first that is not. */
  readonly equalEpochs: number;
  readonly parted: PartedEpoch | null;
  /** Whether the trained models are the same bytes; null where one of the runs is not finished. */
  readonly sameModel: boolean | null;
}

export function diffRuns(a: RunDescription, b: RunDescription): RunDiff {
  const { equal, parted } = partedAt(a.metrics, b.metrics);
  return {
    runs: [a.id, b.id],
    differences: differencesOf(
      { ...a.provenance, options: a.config.recipe },
      { ...b.provenance, options: b.config.recipe },
    ),
    equalEpochs: equal,
    parted,
    sameModel: a.state === 'finished' && b.state === 'finished' ? modelOf(a) === modelOf(b) : null,
  };
}

/** Hash of the trained model. */
const modelOf = ({ path }: RunDescription): string | undefined =>
  readDone(path).files['checkpoint/model.safetensors'];

/** The first epoch in which two logs part. */
function partedAt(
  a: readonly EpochRecord[],
  b: readonly EpochRecord[],
): { readonly equal: number; readonly parted: PartedEpoch | null } {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    const { phase, epoch } = (left ?? right)!;
    if (left === undefined || right === undefined)
      return {
        equal: i,
        parted: { phase, epoch, name: 'loss', values: [left?.loss ?? null, right?.loss ?? null] },
      };
    const [one, other] = [numbersOf(left), numbersOf(right)];
    for (const [name, value] of Object.entries(one))
      if (!Object.is(value, other[name]))
        return { equal: i, parted: { phase, epoch, name, values: [value, other[name] ?? null] } };
  }
  return { equal: a.length, parted: null };
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

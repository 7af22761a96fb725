// `limaml runs diff`: where two runs part, in what they were made with and in what they wrote.
import type { RunDescription } from '../runs/describe.js';
import { type Difference, differencesOf } from '../runs/differences.js';
import { readDone } from '../runs/done.js';
import { type PartedEpoch, partedLogs } from './parted-epoch.js';

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
  const { equal, parted } = partedLogs(a.metrics, b.metrics);
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

// How far a stage is, how long it took so far, and how long it may still take: the one place that tells the time left.
import { duration } from '../../amounts.js';
import type { ProgressEvent } from '../../progress.js';

export type Step = Extract<ProgressEvent, { kind: 'step' }>;

/** Too short a time to tell anything by. */
const TOO_EARLY_S = 0.5;

export interface Pace {
  /** Of the whole stage, 0 to 1. */
  readonly share: number;
  readonly seconds: number;
  /** Undefined while it cannot be told, and at the end. */
  readonly secondsLeft: number | undefined;
  /** The stage may end before its last part. */
  readonly atMost: boolean;
}

/** Share of the whole stage that is behind a step: `part` of `of` equal parts, and what is done of this one. */
function shareOf({ done, total, within }: Step): number {
  const own = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  return within === undefined ? own : (within.part - 1 + own) / within.of;
}

/** Where a stage begins that is gone on with: at the start of the part that its first step is in. */
export const shareBefore = ({ within }: Step): number =>
  within === undefined ? 0 : (within.part - 1) / within.of;

/** The pace of what was done since the stage began holds for what is left of it. */
export function paceOf(step: Step, begun: number, seconds: number): Pace {
  const share = shareOf(step);
  const known = share > begun && share < 1 && seconds > TOO_EARLY_S;
  return {
    share,
    seconds,
    secondsLeft: known ? (seconds * (1 - share)) / (share - begun) : undefined,
    atMost: step.within?.mayEndEarly === true,
  };
}

/** `12 s left`, `at most 12 s left`; the time so far where no more is known. */
export function paceText({ seconds, secondsLeft, atMost }: Pace): string {
  return secondsLeft === undefined
    ? duration(seconds)
    : `${atMost ? 'at most ' : ''}${duration(secondsLeft)} left`;
}

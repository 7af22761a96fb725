// What one stage took at one length of a log of one shape.
import type { MeasuredRun } from '../prep/measured-run.js';

export const STAGES = ['prep', 'train', 'export', 'score'] as const;

/** What a log has beside its length. */
export interface LogShape {
  /** Events of one member: members grow with the log. */
  readonly eventsEach: number;
  /** Categorical features of events beside the two that every log has. */
  readonly moreFeatures: number;
}

/** The shape of the curves. */
export const USUAL: LogShape = { eventsEach: 20, moreFeatures: 0 };

export const isUsual = (shape: LogShape): boolean =>
  shape.eventsEach === USUAL.eventsEach && shape.moreFeatures === USUAL.moreFeatures;

export interface ScaleRow {
  readonly events: number;
  readonly shape: LogShape;
  readonly stage: (typeof STAGES)[number];
  readonly run: MeasuredRun;
}

export const membersOf = (events: number, { eventsEach }: LogShape): number => Math.ceil(events / eventsEach);
export const featuresOf = ({ moreFeatures }: LogShape): number => 2 + moreFeatures;

/** Tells logs apart; the name of a log's folder. */
export const logName = (events: number, shape: LogShape): string =>
  `${events}-events-${membersOf(events, shape)}-members-${featuresOf(shape)}-features`;

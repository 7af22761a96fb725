// What one stage took at one length of a log.
import type { MeasuredRun } from '../prep/measured-run.js';

export const STAGES = ['prep', 'train', 'export', 'score'] as const;

export interface ScaleRow {
  readonly events: number;
  readonly members: number;
  readonly stage: (typeof STAGES)[number];
  readonly run: MeasuredRun;
}

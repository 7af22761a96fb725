// One thing that the doctor looked at.

/** `failed`: the main job cannot run; `warning`: something works less well; `note`: something optional is absent. */
type FindingState = 'ok' | 'note' | 'warning' | 'failed';

export interface Finding {
  readonly name: string;
  readonly state: FindingState;
  readonly found: string;
  /** What to do about it. */
  readonly next?: string;
}

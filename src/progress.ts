// What long work says of itself while it runs. The library reports plain objects; only the terminal renders them.

export type ProgressEvent =
  /** A new stage of the command begins, e.g. "prep", "train limaml", "refit limaml". */
  | { readonly kind: 'stage'; readonly name: string; readonly detail?: string }
  /** A part of work that has several stages itself: the second of five seeds. */
  | { readonly kind: 'part'; readonly part: number; readonly of: number; readonly name: string }
  /** Work inside a stage: `done` of `total` units, with figures to show beside the bar. */
  | {
      readonly kind: 'step';
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      /** Where `total` is not the whole stage but one of its equal parts, from 1: an epoch. */
      readonly within?: { readonly part: number; readonly of: number; readonly mayEndEarly: boolean };
      readonly figures?: Readonly<Record<string, number | string>>;
    }
  /** One epoch ended; a line of its own when standard error is no terminal. */
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      readonly figures: Readonly<Record<string, number | string>>;
    }
  /** A fact worth a line: counts of dropped rows, a reused run. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'warning'; readonly code: string; readonly text: string };

export type Progress = (event: ProgressEvent) => void;

/** Says nothing. */
export const silent: Progress = () => {};

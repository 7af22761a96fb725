// A value is a finite number, or nothing with the reason why: never NaN.

export type Value =
  | { readonly value: number; readonly reason?: never }
  | { readonly value: null; readonly reason: string };

export const valued = (value: number): Value => ({ value });
export const undefinedBecause = (reason: string): Value => ({ value: null, reason });

/** Why a metric that needs both labels has no value on these rows; undefined when it has one. */
export function missingClass(rows: number, positives: number): string | undefined {
  if (rows === 0) return 'no rows';
  if (positives === 0) return 'every label is 0';
  if (positives === rows) return 'every label is 1';
  return undefined;
}

/** Number of rows with label 1. */
export function countPositives(label: Uint8Array): number {
  let positives = 0;
  for (let row = 0; row < label.length; row++) positives += label[row]!;
  return positives;
}

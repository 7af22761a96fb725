// Before any time is shown: all engines must have computed the same thing.

interface Checked {
  readonly name: string;
  readonly checks: readonly number[];
}

interface Disagreement {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  readonly reference: number;
}

/** How many numbers every engine gives: the losses of its first steps, or elements of its output. */
const CHECKED = 20;

/**
 * The first number of each engine that is not within `tolerance` of the first engine's, and the largest difference. All
 * must have given `count` numbers.
 */
export function compareChecks(
  engines: readonly Checked[],
  tolerance: number,
  count = CHECKED,
): { readonly largest: number; readonly disagreements: readonly Disagreement[] } {
  const [reference, ...rest] = engines;
  const disagreements: Disagreement[] = [];
  let largest = 0;
  for (const { name, checks } of rest) {
    const length = Math.max(count, checks.length, reference!.checks.length);
    for (let step = 0; step < length; step++) {
      const value = checks[step] ?? Number.NaN;
      const expected = reference!.checks[step] ?? Number.NaN;
      const difference = Math.abs(value - expected);
      if (difference <= tolerance) {
        largest = Math.max(largest, difference);
        continue;
      }
      // Also reached when a number is missing or not finite: every comparison with NaN is false.
      disagreements.push({ name, step, value, reference: expected });
      break;
    }
  }
  return { largest, disagreements };
}

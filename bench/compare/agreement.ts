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
 * The first number of each engine that is not within `tolerance` of the first engine's, and the largest difference of those that are. All
 * must have given `count` numbers. Of an engine's numbers a share of `apart` may be off, if they are numbers: `parted` is the most of any
 * engine. It is for long outputs through `relu`, where a unit within a rounding of zero is on for one engine and off for another.
 */
export function compareChecks(
  engines: readonly Checked[],
  tolerance: number,
  count = CHECKED,
  apart = 0,
): {
  readonly largest: number;
  readonly parted: number;
  readonly disagreements: readonly Disagreement[];
} {
  const [reference, ...rest] = engines;
  const disagreements: Disagreement[] = [];
  let [largest, parted] = [0, 0];
  for (const { name, checks } of rest) {
    const length = Math.max(count, checks.length, reference!.checks.length);
    const off: Disagreement[] = [];
    for (let step = 0; step < length; step++) {
      const value = checks[step] ?? Number.NaN;
      const expected = reference!.checks[step] ?? Number.NaN;
      const difference = Math.abs(value - expected);
      if (difference <= tolerance) largest = Math.max(largest, difference);
      // Also reached when a number is missing or not finite: every comparison with NaN is false.
      else off.push({ name, step, value, reference: expected });
    }
    const [first] = off;
    if (first === undefined) continue;
    const numbers = off.every(({ value, reference: other }) => Number.isFinite(value - other));
    if (numbers && off.length <= apart * length) parted = Math.max(parted, off.length);
    else disagreements.push(first);
  }
  return { largest, parted, disagreements };
}

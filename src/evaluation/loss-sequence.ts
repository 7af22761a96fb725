// The sharper check: the same seed on the same machine must repeat its losses to the last bit, elsewhere nearly.

type LossComparison =
  | { readonly same: true; readonly exact: boolean; readonly largestRelativeError: number }
  | {
      readonly same: false;
      readonly exact: false;
      /** First step (from 0) that differs by more than the tolerance, or where one sequence has ended. */
      readonly step: number;
      readonly expected: number | null;
      readonly measured: number | null;
      readonly text: string;
    };

/**
 * Compares loss sequences step by step.
 * @param tolerance largest relative difference let pass; 0 asks for equal bits (same machine, same engine)
 */
export function compareLossSequences(
  expected: readonly number[],
  measured: readonly number[],
  tolerance: number,
): LossComparison {
  let largest = 0;
  let exact = true;
  for (let step = 0; step < Math.max(expected.length, measured.length); step++) {
    const was = expected[step] ?? null;
    const is = measured[step] ?? null;
    if (was === null || is === null)
      return differs(step, was, is, `${measured.length} losses where ${expected.length} are recorded`);
    if (Object.is(was, is)) continue;
    exact = false;
    const error = Math.abs(is - was) / Math.max(Math.abs(was), Number.MIN_VALUE);
    if (!(error <= tolerance)) return differs(step, was, is, `loss ${is} where ${was} is recorded`);
    largest = Math.max(largest, error);
  }
  return { same: true, exact, largestRelativeError: largest };
}

function differs(
  step: number,
  expected: number | null,
  measured: number | null,
  what: string,
): LossComparison {
  return { same: false, exact: false, step, expected, measured, text: `step ${step}: ${what}` };
}

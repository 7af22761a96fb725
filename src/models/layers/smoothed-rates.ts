// Click rates of few rows drawn towards the mean, and how strongly: what the counts themselves say, by empirical Bayes.
import type { Counts } from '../contract/label-counts.js';

/** Pseudo-rows to choose from: a half to 4,096. */
const STRENGTHS = Array.from({ length: 14 }, (_, i) => 2 ** (i - 1));

/** Log-odds of the rate (clicks + a·mean) / (rows + a). */
export function smoothedLogit(rows: number, clicks: number, mean: number, a: number): number {
  return Math.log(clicks + a * mean) - Math.log(rows - clicks + a * (1 - mean));
}

/**
 * The number of pseudo-rows under which the counts are likeliest, when every rate is drawn from a beta distribution about the mean
 * (the beta-binomial likelihood, without the factor that does not depend on it). Of equals the smallest.
 */
export function smoothingStrength({ rows, clicks }: Counts, mean: number): number {
  let best = { strength: STRENGTHS[0]!, likelihood: Number.NEGATIVE_INFINITY };
  for (const strength of STRENGTHS) {
    let likelihood = 0;
    for (let i = 1; i < rows.length; i++)
      likelihood +=
        risingLog(strength * mean, clicks[i]!) +
        risingLog(strength * (1 - mean), rows[i]! - clicks[i]!) -
        risingLog(strength, rows[i]!);
    if (likelihood > best.likelihood) best = { strength, likelihood };
  }
  return best.strength;
}

/** log(x · (x + 1) · … · (x + n − 1)) */
function risingLog(x: number, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += Math.log(x + i);
  return total;
}

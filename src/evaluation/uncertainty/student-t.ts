// Student's t: distribution, quantiles, and the power of a one-sided t test (a noncentral t probability).
import { normalQuantile, normalUpperTail } from './normal.js';

/** P(T > t) with `freedom` degrees of freedom. */
export function studentUpperTail(t: number, freedom: number): number {
  if (t < 0) return 1 - studentUpperTail(-t, freedom);
  return regularizedBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
}

/** The t with P(T ≤ t) = probability. */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  if (probability === 0.5) return 0;
  const tail = 1 - probability;
  let low = 0;
  let high = Math.max(1, normalQuantile(probability));
  while (studentUpperTail(high, freedom) > tail) high *= 2;
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentUpperTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(T > threshold) for a noncentral T: a normal with mean `shift` over √(χ²/freedom). Simpson's rule over the
 * distribution of that root.
 * @param least the normal itself must exceed this too
 */
export function noncentralUpperTail(
  threshold: number,
  freedom: number,
  shift: number,
  least = Number.NEGATIVE_INFINITY,
): number {
  const deviation = 1 / Math.sqrt(2 * freedom);
  const from = Math.max(0, 1 - 12 * deviation);
  const to = 1 + 14 * deviation;
  const steps = 600;
  const width = (to - from) / steps;
  const logScale = Math.log(2) + (freedom / 2) * Math.log(freedom / 2) - logGamma(freedom / 2);
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const root = from + i * width;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    if (root === 0 && freedom > 1) continue;
    const logDensity = logScale + (freedom - 1) * Math.log(root) - (freedom * root * root) / 2;
    sum +=
      weight *
      (root === 0 ? Math.exp(logScale) : Math.exp(logDensity)) *
      normalUpperTail(Math.max(threshold * root, least) - shift);
  }
  return Math.min(1, (sum * width) / 3);
}

/** ln Γ(x) for x > 0: Stirling's series after shifting x past 12. */
function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < 12; shifted++) product *= shifted;
  const square = 1 / (shifted * shifted);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / shifted;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
  );
}

/** I_x(a, b), by Gauss's continued fraction (Lentz's evaluation). */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * fraction;
}

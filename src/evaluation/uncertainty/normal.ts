// The normal distribution, accurate far into its tails (p-values there are what a verdict rests on).

/** P(Z > z) for a standard normal Z, with relative accuracy near 1e-14 down to the smallest doubles. */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  return z < 2.5 ? 0.5 - centralArea(z) : density(z) * millsRatio(z);
}

/** P(Z ≤ z). */
export const normalCdf = (z: number): number => normalUpperTail(-z);

/** The z with P(Z ≤ z) = probability, 0 < probability < 1. */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability === 0.5) return 0;
  // Abramowitz & Stegun 26.2.22 to start, then Halley's method.
  const t = Math.sqrt(-2 * Math.log(probability));
  let z = -(t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t));
  for (let i = 0; i < 4; i++) {
    const step = (normalCdf(z) - probability) / density(z);
    z -= step / (1 + (z * step) / 2);
  }
  return z;
}

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(0 < Z < z) by its power series, all terms positive. */
function centralArea(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; term > sum * 1e-17 && n < 200; n++) {
    term *= (z * z) / (2 * n + 1);
    sum += term;
  }
  return density(z) * sum;
}

/** P(Z > z) / density(z) by Laplace's continued fraction, evaluated backwards. */
function millsRatio(z: number): number {
  let tail = z;
  for (let n = Math.ceil(12 + 1100 / (z * z)); n >= 1; n--) tail = z + n / tail;
  return 1 / tail;
}

// Clipping: all dense gradients of a step are scaled down together when their joint norm exceeds a limit.

type Gradients = ReadonlyMap<string, Float32Array>;

/** What the sum of squares may be off by, relative, when it is added up in another order: far more than billions of values make it. */
const ORDER = 1e-6;

/** Whether the norm is below the limit by any order of adding its squares, whose sum by some order is given. */
export const surelyWithin = (squares: number, limit: number): boolean =>
  squares * (1 + ORDER) <= limit * limit;

/**
 * The sum of squares, in four sums, none of which waits for the others: it takes a third of the time of the one whose last digits the
 * scaled gradients hang on.
 */
export function quickSquares(gradients: Gradients): number {
  let squares = 0;
  // Counted, since an iterator takes six times as long.
  for (const gradient of gradients.values()) {
    let [a, b, c, d] = [0, 0, 0, 0];
    const whole = gradient.length - (gradient.length % 4);
    for (let i = 0; i < whole; i += 4) {
      a += gradient[i]! * gradient[i]!;
      b += gradient[i + 1]! * gradient[i + 1]!;
      c += gradient[i + 2]! * gradient[i + 2]!;
      d += gradient[i + 3]! * gradient[i + 3]!;
    }
    for (let i = whole; i < gradient.length; i++) a += gradient[i]! * gradient[i]!;
    squares += a + b + c + d;
  }
  return squares;
}

/** The joint norm, of squares added one after the other. */
export function jointNorm(gradients: Gradients): number {
  let squares = 0;
  for (const gradient of gradients.values())
    for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  return Math.sqrt(squares);
}

/** Scales gradients, which may be some of those of the joint norm, as clipping to the limit does. */
export function scaleDown(gradients: Gradients, norm: number, limit: number): void {
  if (norm <= limit) return;
  for (const gradient of gradients.values())
    for (let i = 0; i < gradient.length; i++) gradient[i]! *= limit / norm;
}

// Clipping: all dense gradients of a step are scaled down together when their joint norm exceeds a limit.

type Gradients = ReadonlyMap<string, Float32Array>;

/** What the sum of squares may be off by, relative, when it is added up in another order: far more than billions of values make it. */
const ORDER = 1e-6;

/** Whether the norm is below the limit by any order of adding its squares, whose sum by some order is given. */
export const surelyWithin = (squares: number, limit: number): boolean =>
  squares * (1 + ORDER) <= limit * limit;

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

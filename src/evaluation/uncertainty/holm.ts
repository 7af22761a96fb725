// Holm's correction (1979): p-values of several comparisons, adjusted so that the chance of any false one stays bounded.

/** Adjusted p-values in the order given; null (no p-value) stays null and is not counted. */
export function holmAdjusted(pValues: readonly (number | null)[]): (number | null)[] {
  const ranked = pValues
    .map((p, index) => ({ p, index }))
    .filter((entry): entry is { p: number; index: number } => entry.p !== null)
    .sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let floor = 0;
  ranked.forEach(({ p, index }, rank) => {
    floor = Math.max(floor, Math.min(1, p * (ranked.length - rank)));
    adjusted[index] = floor;
  });
  return adjusted;
}

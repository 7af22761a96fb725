// Shares in words.

/** A share with one decimal of a percent, e.g. `12.5 %`. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

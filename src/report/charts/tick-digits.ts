// Decimals of the numbers along an axis.

/** Decimals that tell neighbouring ticks apart where an axis of this span has about `ticks` of them, at steps of 1, 2 or 5. */
export function tickDigits(span: number, ticks = 5): number {
  const rough = span / ticks;
  const power = Math.floor(Math.log10(rough));
  // Steps are chosen as d3 does it: the next round number at the geometric middle between two.
  const step = rough / 10 ** power >= Math.sqrt(50) ? power + 1 : power;
  return Math.min(6, Math.max(0, -step));
}

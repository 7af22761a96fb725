// Sums whose error does not grow with the number of terms (Neumaier's variant of Kahan's summation).

/** Sum of term(0) + … + term(count − 1) to about one rounding of the result. */
export function exactSum(count: number, term: (index: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < count; index++) {
    const value = term(index);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Mean of an array. */
export const exactMean = (values: Float64Array | readonly number[]): number =>
  exactSum(values.length, (index) => values[index]!) / values.length;

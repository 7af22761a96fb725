// How many decimals an interval needs for its reader to see on which side of zero it ends.

/** A number smaller than this is zero to any reader. */
const MOST = 12;

/** The usual decimals, or as many more as it takes until no bound other than 0 itself is rounded to 0. */
export function decidingDigits(bounds: readonly (number | null | undefined)[], usual = 4): number {
  let digits = usual;
  const hidden = (value: number | null | undefined): boolean =>
    typeof value === 'number' && value !== 0 && Number(value.toFixed(digits)) === 0;
  while (digits < MOST && bounds.some(hidden)) digits++;
  return digits;
}

/** The usual decimals, or as many more as it takes until a number that is not the limit does not read as the limit. */
export function digitsApart(value: number, limit: number, usual: number): number {
  let digits = usual;
  while (digits < MOST && value !== limit && value.toFixed(digits) === limit.toFixed(digits)) digits++;
  return digits;
}

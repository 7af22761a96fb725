// Numbers as the report writes them: fixed decimals, a true minus sign, thousands apart.
import { decidingDigits, digitsApart } from '../../deciding-digits.js';

const MINUS = '\u2212';

/** `0.7614`; an en dash where there is no number. */
export function decimal(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

/** `+0.0244`, `−0.0016`; `0.0000` has no sign. */
export function signed(value: number | null | undefined, digits = 4): string {
  const text = decimal(value, digits);
  return value !== null && value !== undefined && value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** `+0.0194 to +0.0292`. */
export function range(
  low: number | null | undefined,
  high: number | null | undefined,
  show: (value: number, digits?: number) => string = signed,
): string {
  return low === null || low === undefined || high === null || high === undefined
    ? '–'
    : `${show(low, decidingDigits([low, high]))} to ${show(high, decidingDigits([low, high]))}`;
}

/** `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `38.0 %`. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? '–'
    : `${decimal(100 * share, digits)}\u00a0%`;
}

/** `95 %` of a confidence level. */
export function levelText(level: number): string {
  return `${Number((100 * level).toFixed(1))}\u00a0%`;
}

/** `0.012`, or `< 0.001`; with more decimals where it would read as the limit that it has to keep under. */
export function pValue(value: number | null | undefined, limit = 0.05): string {
  if (value === null || value === undefined) return '–';
  return value < 0.001 ? '<\u00a00.001' : value.toFixed(digitsApart(value, limit, 3));
}

/** `1 run`, `3 runs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

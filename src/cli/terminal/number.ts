// Numbers as people read them in a table: fixed decimals, grouped thousands, a sign where a difference is meant.
import { decidingDigits } from '../../deciding-digits.js';

/** `0.7961`; a dash where there is no number. */
export function decimal(value: number | null | undefined, digits = 4): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

/** `+0.0012`, `-0.0300`. */
export function signed(value: number | null | undefined, digits = 4): string {
  const text = decimal(value, digits);
  return typeof value === 'number' && value >= 0 && text !== '–' ? `+${text}` : text;
}

/** `[+0.0012, +0.0300]`, with as many decimals as show on which side of 0 it ends. */
export function interval(low: number, high: number): string {
  const digits = decidingDigits([low, high]);
  return `[${signed(low, digits)}, ${signed(high, digits)}]`;
}

/** `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `812 B`, `3.4 MB`, `1.2 GB`, powers of ten. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let scaled = value / 1000;
  let unit = 0;
  while (scaled >= 999.95 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled.toFixed(1)} ${units[unit]}`;
}

// Numbers over seeds and names of protocols, as the page of results writes them.
import { decidingDigits } from '../../deciding-digits.js';
import type { OverSeeds } from '../../evaluation/over-seeds.js';

export function valueText(number: OverSeeds | null | undefined): string {
  if (number == null) return '–';
  const spread = number.deviation === null ? '' : ` ± ${number.deviation.toFixed(4)}`;
  return `${number.mean.toFixed(4)}${spread}`;
}

/** Bold where the interval is clear of 0; one that touches 0 shows the digit that decides. */
export function differenceText(number: OverSeeds | null | undefined): string {
  if (number == null) return '–';
  const { mean, low, high } = number;
  if (low === null || high === null) return signed(mean, 4);
  const digits = decidingDigits([low, high], 4);
  const text = `${signed(mean, digits)} [${signed(low, digits)}, ${signed(high, digits)}]`;
  return low > 0 || high < 0 ? `**${text}**` : text;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** `vectors frozen`, `refresh=1d`, `refresh=1d, baselines retrained every 1d`. */
export function protocolTitle(label: string): string {
  if (label === 'frozen') return 'vectors frozen';
  return label
    .replace(/retrain=(\w+),retrained=baselines/, 'baselines retrained every $1')
    .replaceAll(',', ', ');
}

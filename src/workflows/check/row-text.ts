// One row of a check in words.
import type { CheckRow } from './judge.js';

export function rowText({ name, expected, found, delta, verdict, note }: CheckRow): string {
  if (expected === null || found === null || delta === null) return `${name}: ${verdict}. ${note}`;
  const change = `${delta >= 0 ? '+' : ''}${delta.toFixed(4)}`;
  return `${name}: expected ${expected.toFixed(4)}, found ${found.toFixed(4)} (${change}), ${verdict}. ${note}`;
}

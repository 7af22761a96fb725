// Small conversions shared by the evaluation tests.
import { readFileSync } from 'node:fs';
import type { ScoredRows } from '../../src/evaluation/rows/scored-rows.js';

export const labels = (values: readonly number[]): Uint8Array => Uint8Array.from(values);
export const floats = (values: readonly number[]): Float64Array => Float64Array.from(values);

/** A recorded fixture; the caller asserts that it holds what it expects. */
export function fixture<T>(name: string): T {
  return JSON.parse(
    readFileSync(new URL(`../fixtures/evaluation/${name}.json`, import.meta.url), 'utf8'),
  ) as T;
}

/** Scored rows from plain arrays; what is not given is neutral. */
export function scoredRows(
  parts: {
    label: readonly number[];
    entity: readonly number[];
    scores: Readonly<Record<string, readonly number[]>>;
  },
  more: Partial<ScoredRows> = {},
): ScoredRows {
  const rows = parts.label.length;
  return {
    rows,
    entity: Int32Array.from(parts.entity),
    item: new Int32Array(rows).fill(1),
    timestampMs: Float64Array.from({ length: rows }, (_, row) => row),
    label: labels(parts.label),
    scores: new Map(Object.entries(parts.scores).map(([name, values]) => [name, floats(values)])),
    historyLength: new Int32Array(rows),
    sinceLastMs: new Float64Array(rows).fill(Number.NaN),
    groups: new Map(),
    ...more,
  };
}

// The replay that the benchmark times computes what PyTorch computes: when windows begin, what they know, vectors, and scores.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { replayEngine } from '../../bench/engines/limaml-replay.js';
import { gflopOf } from '../../bench/workloads/gflop.js';
import { replay } from '../../bench/workloads/replay.js';

const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/bench/replay.json', import.meta.url), 'utf8'),
) as Record<'1d' | 'event', number[]>;

it.each([
  ['1d', 86_400_000],
  ['event', 0],
] as const)('refreshed at %s', async (name, refreshMs) => {
  const workload = replay('small', refreshMs, [40, 2]);
  const engine = await replayEngine(workload, 0, { pairs: true });
  const checks = await engine.checks();
  await engine.close();
  expect(checks.length).toBe(2 * 1010);
  expect(recorded[name].length).toBe(202);
  recorded[name].forEach((value, i) => {
    expect(Math.abs(checks[10 * i]! - value)).toBeLessThan(1e-5);
  });
  // Both halves are alike in size: 20 entities of 100 scored rows, no two of one instant.
  const { vectors, supportRows } = workload.numbers as { vectors: number; supportRows: number };
  expect(checks[0]! % 32).toBe(0);
  if (refreshMs === 0) {
    expect(vectors).toBe(4000);
    expect(checks[0]! / 32).toBe(2000);
    // Row k of the scored ones has 30 + k rows before it, of which the latest 100 count.
    const known = Array.from({ length: 100 }, (_, k) => Math.min(100, 30 + k)).reduce((a, b) => a + b, 0);
    expect(supportRows).toBe(40 * known);
    expect(gflopOf(workload)).toBeCloseTo(gflop(supportRows, vectors, 4000) / 2, 10);
  } else expect(vectors).toBeLessThan(40 * 30);
});

/** Meta 16·64 + 64·32; global e·64 and the interaction 32·64 each, features 32·64 and 32·32, 64; three steps. */
function gflop(supportRows: number, vectors: number, rows: number): number {
  const [first, second, vector, features, last] = [16 * 64, 64 * 32, 2 * 32 * 64, 32 * 64 + 32 * 32, 64];
  const step = supportRows * (2 * vector + features + 2 * last) + vectors * (2 * first + 3 * second);
  const scored = rows * (vector + features + last) + vectors * (first + second);
  return (2 * (3 * step + scored)) / 1e9;
}

// Is what an experiment gives now worse than what it gave, beyond what its seeds move by themselves?
import { DEFAULT_GATE, type GateSettings } from '../../evaluation/gate-power.js';
import { compareLossSequences } from '../../evaluation/loss-sequence.js';
import { betterWhen, compared, type MetricFacts } from '../../evaluation/metrics/metric.js';
import { expectMetric, judgeMetric } from '../../evaluation/regression-gate.js';
import type { SeedValue } from '../../evaluation/seed-spread.js';
import type { SeedResult } from './expectation.js';

/** Largest relative difference of a loss of the same seed: other processors add up in another order, no more. */
const LOSS_TOLERANCE = 0.002;

type CheckVerdict = 'pass' | 'fail' | 'improved' | 'changed' | 'not comparable';

export interface CheckRow {
  /** `auc`, `groupAuc`, `logLoss`, `loss, seed 1`, `auc, seed 1`, `recipe and data`. */
  readonly name: string;
  readonly expected: number | null;
  readonly found: number | null;
  readonly delta: number | null;
  /** How far a value may get worse by chance. */
  readonly allowed: number | null;
  /** Chance that the regression which the gate is made for would fail here. */
  readonly power: number | null;
  readonly verdict: CheckVerdict;
  /** Whether the check fails by this row. */
  readonly failed: boolean;
  readonly note: string;
}

export type GateSize = Pick<GateSettings, 'regression' | 'tolerance'>;

/** The metrics against their spread over seeds, and the losses of seeds that both have. */
export function judge(
  expected: readonly SeedResult[],
  found: readonly SeedResult[],
  metrics: readonly MetricFacts[],
  size: GateSize,
): readonly CheckRow[] {
  const recorded = metrics.filter(({ name }) => expected.some((result) => name in result.metrics));
  return [
    ...metrics.map((metric) =>
      recorded.includes(metric)
        ? metricRow(metric, expected, found, recorded.length, size)
        : uncompared(metric.name, 'not in expected.json yet: limaml check --update records it'),
    ),
    ...unknown(expected, metrics),
    ...found.flatMap((result) => {
      const before = expected.find(({ seed }) => seed === result.seed);
      return before === undefined ? [] : [lossRow(before, result), sameSeedRow(before, result, size)];
    }),
  ];
}

/** What was recorded and is measured no longer is said, not passed over. */
function unknown(expected: readonly SeedResult[], metrics: readonly MetricFacts[]): readonly CheckRow[] {
  const names = new Set(expected.flatMap((result) => Object.keys(result.metrics)));
  for (const { name } of metrics) names.delete(name);
  return [...names].map((name) => uncompared(name, 'recorded, but measured no longer'));
}

function valuesOf(results: readonly SeedResult[], metric: MetricFacts): readonly SeedValue[] {
  return results.flatMap(({ seed, metrics }) => {
    const value = metrics[metric.name] ?? null;
    return value === null ? [] : [{ seed, value: compared(metric, value) }];
  });
}

function metricRow(
  metric: MetricFacts,
  expected: readonly SeedResult[],
  found: readonly SeedResult[],
  checks: number,
  size: GateSize,
): CheckRow {
  const { name } = metric;
  const [before, now] = [valuesOf(expected, metric), valuesOf(found, metric)];
  if (before.length < 2 || now.length === 0) return uncompared(name, 'undefined on these rows');
  const record = expectMetric(name, betterWhen(metric), before);
  // The chance of a false alarm is shared among the metrics.
  const result = judgeMetric(record, now, { ...DEFAULT_GATE, ...size, checks });
  return {
    name,
    expected: result.expectedMean,
    found: result.measuredMean,
    delta: result.delta,
    allowed: result.limit,
    power: result.power,
    verdict: result.status,
    failed: result.status === 'fail',
    note: result.text,
  };
}

/**
 * The cheapest net: the same seed gives the same losses, epoch by epoch, unless the computation has changed. Only epochs that
 * both have count: on another processor a tie may stop the training an epoch sooner.
 */
function lossRow(before: SeedResult, now: SeedResult): CheckRow {
  const epochs = Math.min(before.losses.length, now.losses.length);
  const compared = compareLossSequences(
    before.losses.slice(0, epochs),
    now.losses.slice(0, epochs),
    LOSS_TOLERANCE,
  );
  const at = compared.same ? epochs - 1 : compared.step;
  const expected = before.losses[at] ?? null;
  const found = now.losses[at] ?? null;
  const off = compared.same
    ? compared.exact
      ? 'equal to the last bit'
      : `off by ${compared.largestRelativeError.toExponential(1)} at most`
    : '';
  return {
    name: `loss, seed ${now.seed}`,
    expected,
    found,
    delta: expected === null || found === null ? null : found - expected,
    allowed: expected === null ? null : LOSS_TOLERANCE * Math.abs(expected),
    power: null,
    verdict: compared.same ? 'pass' : 'changed',
    failed: !compared.same,
    note: compared.same
      ? `${epochs} epochs, ${off}`
      : `first off at epoch ${compared.step + 1}: the computation has changed`,
  };
}

/**
 * The same seed gives the same AUC too: no spread over seeds hides a fall here. Another processor adds up in another order and
 * moves it by less than `tolerance`, unless a near tie makes it choose another epoch; even then a regression as large as the
 * gate is made for cannot pass.
 */
function sameSeedRow(before: SeedResult, now: SeedResult, { regression, tolerance }: GateSize): CheckRow {
  const name = `auc, seed ${now.seed}`;
  const expected = before.metrics['auc'] ?? null;
  const found = now.metrics['auc'] ?? null;
  if (expected === null || found === null) return uncompared(name, 'undefined on these rows');
  const delta = found - expected;
  const otherEpoch = before.epoch !== now.epoch;
  const allowed = otherEpoch ? Math.max(tolerance, regression) : tolerance;
  const same = Math.abs(delta) <= tolerance || Math.abs(delta) < allowed;
  const epoch = otherEpoch ? `, at epoch ${now.epoch} instead of ${before.epoch}` : '';
  return {
    name,
    expected,
    found,
    delta,
    allowed,
    power: regression > tolerance ? 1 : 0,
    verdict: same ? 'pass' : 'changed',
    failed: !same,
    note: same
      ? `the same seed${epoch}`
      : `the same seed gives another AUC${epoch}: training or scoring has changed`,
  };
}

function uncompared(name: string, note: string): CheckRow {
  return {
    name,
    expected: null,
    found: null,
    delta: null,
    allowed: null,
    power: null,
    verdict: 'not comparable',
    failed: false,
    note,
  };
}

// The evaluation as a whole: shape of the result, verdicts, segments, what is refused, and small numbers by hand.
import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../src/evaluation/comparison/compare-models.js';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { evaluateRows } from '../../src/evaluation/evaluate-rows.js';
import { logLoss } from '../../src/evaluation/metrics/log-loss.js';
import { metricsOf, shownAt } from '../../src/evaluation/metrics/metric.js';
import { labelEntropy } from '../../src/evaluation/metrics/normalized-entropy.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';
import type { ScoredRows } from '../../src/evaluation/rows/scored-rows.js';
import type { BootstrapInterval } from '../../src/evaluation/uncertainty/bootstrap-interval.js';
import { silent } from '../../src/progress.js';
import { randomStream } from '../../src/random.js';
import { floats, labels, scoredRows } from './arrays.js';
import { clusteredWorld } from './clustered-world.js';

const evaluate = (scored: ScoredRows, baselines: string[], options: unknown = {}, model = 'a') =>
  evaluateRows(scored, {
    model,
    baselines,
    config: evaluationConfig.parse({ bootstrap: { replicates: 400 }, ...(options as object) }),
    seed: 7,
    progress: silent,
  });

/** The clustered world with a third model that is noise, and histories, times and a feature. */
function richWorld(): ScoredRows {
  const world = clusteredWorld(randomStream(11, 'world'), 300);
  const stream = randomStream(12, 'rich');
  const lengths = [0, 3, 15, 500];
  return {
    ...world,
    scores: new Map([...world.scores, ['noise', world.scores.get('a')!.map(() => stream.uniform())]]),
    historyLength: world.entity.map((entity) => lengths[entity % 4]!),
    itemEvents: world.entity.map((entity) => [0, 7, 2000][entity % 3]!),
    sinceLastMs: floats(
      [...world.entity].map((entity) => (entity % 4 === 0 ? Number.NaN : entity * 3_600_000)),
    ),
    groups: new Map([['device', [...world.entity].map((entity) => ['phone', 'tablet', ''][entity % 3]!)]]),
  };
}

describe('log loss by hand', () => {
  it('costs ln 2 at one half, and 52 ln 2 when certain and wrong', () => {
    expect(logLoss(labels([0, 1]), floats([0.5, 0.5])).value).toBeCloseTo(Math.LN2, 15);
    expect(logLoss(labels([1]), floats([0])).value).toBeCloseTo(52 * Math.LN2, 12);
    expect(labelEntropy(0.5)).toBeCloseTo(Math.LN2, 15);
    expect(labelEntropy(0)).toBe(0);
  });
});

describe('a result', () => {
  const result = evaluate(richWorld(), ['b', 'noise'], { segments: { features: ['device'] } });
  const by = (baseline: string, metric: string) =>
    result.comparisons.find((one) => one.baseline === baseline && one.metric === metric)!;

  it('has the models in order, and every metric against every baseline', () => {
    expect(result.models.map(({ model }) => model)).toEqual(['a', 'b', 'noise']);
    const shown = shownAt('report', metricsOf(METRICS, evaluationConfig.parse({})));
    expect(shown.length).toBeGreaterThanOrEqual(6 + 2 * 3);
    expect(result.comparisons.length).toBe(2 * shown.length);
    expect(result.rows).toBe(richWorld().rows);
    expect(result.entities).toBe(300);
  });
  it('defines every metric it names, and states what intervals rest on', () => {
    const names = result.metrics.map(({ name }) => name);
    for (const { metric } of result.comparisons) expect(names).toContain(metric);
    expect(Object.keys(result.models[0]!.metrics)).toEqual(names);
    for (const { name, definition } of result.metrics) expect(definition, name).toMatch(/\w+ \w+/);
    expect(result.conditions.join(' ')).toMatch(/hold fixed the trained models/);
    expect(result.conditions.join(' ')).toMatch(/corrected for the 2 baselines/);
  });
  it('finds noise worse and says better', () => {
    const comparison = by('noise', 'auc');
    expect(comparison.verdict).toBe('better');
    expect(comparison.delta!).toBeCloseTo(
      result.models[0]!.metrics['auc']!.value! - result.models[2]!.metrics['auc']!.value!,
      14,
    );
    expect(comparison.low!).toBeGreaterThan(0);
    expect(comparison.adjustedPValue).toBe(2 * comparison.pValue!); // smallest of two under Holm
    expect(by('noise', 'logLoss').verdict).toBe('better');
    expect(by('noise', 'logLoss').delta!).toBeLessThan(0);
  });
  it('gives the reverse verdict, and the mirrored Δ, with the roles exchanged', () => {
    const reverse = evaluate(richWorld(), ['a'], {}, 'noise');
    const auc = reverse.comparisons.find(({ metric }) => metric === 'auc')!;
    expect(auc.verdict).toBe('worse');
    expect(auc.delta).toBeCloseTo(-by('noise', 'auc').delta!, 14);
  });
  it('puts DeLong beside the AUC only', () => {
    expect(by('b', 'auc').tests!['clusteredDelong']!.standardError).toBeGreaterThan(
      by('b', 'auc').tests!['delong']!.standardError,
    );
    expect(by('b', 'logLoss').tests).toBeUndefined();
  });
  it('is the same again with the same seed', () => {
    expect(evaluate(richWorld(), ['b', 'noise'], { segments: { features: ['device'] } })).toEqual(result);
  });
  it('does not depend on the order of the rows', () => {
    const world = richWorld();
    const turned = [...Array(world.rows).keys()].reverse();
    const pick = <T>(values: ArrayLike<T>): T[] => turned.map((row) => values[row]!);
    const reversed = evaluate(
      {
        ...world,
        entity: Int32Array.from(pick(world.entity)),
        label: labels(pick(world.label)),
        scores: new Map([...world.scores].map(([name, scores]) => [name, floats(pick(scores))])),
        historyLength: Int32Array.from(pick(world.historyLength)),
        itemEvents: Int32Array.from(pick(world.itemEvents!)),
        sinceLastMs: floats(pick(world.sinceLastMs)),
        groups: new Map([['device', pick(world.groups.get('device')!)]]),
      },
      ['b', 'noise'],
      { segments: { features: ['device'] } },
    );
    const rounded = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(9)) : v)));
    expect(rounded(reversed)).toEqual(rounded(result));
  });

  describe('segments', () => {
    const segments = result.models[0]!.segments;
    const values = (by: string) => segments.filter((one) => one.by === by).map(({ value }) => value);
    it('come in the order of their buckets, without the empty ones', () => {
      expect([...new Set(segments.map((one) => one.by))]).toEqual([
        'historyLength',
        'seen',
        'itemEvents',
        'sinceLast',
        'device',
      ]);
      expect(values('historyLength')).toEqual(['0', '1-5', '6-20', '>200']);
      expect(values('itemEvents')).toEqual(['0', '1-10', '>1000']);
      expect(values('seen')).toEqual(['seen', 'new']);
      expect(values('sinceLast')).toEqual(['<=1h', '1h-1d', '1d-7d', '7d-30d', 'never']);
      expect(new Set(values('device'))).toEqual(new Set(['phone', 'tablet', '(unknown)']));
    });
    it.each(['historyLength', 'seen', 'itemEvents', 'sinceLast', 'device'])(
      'by %s cover all rows once',
      (by) => {
        const own = segments.filter((one) => one.by === by);
        expect(own.reduce((sum, { rows }) => sum + rows, 0)).toBe(result.rows);
        expect(own.reduce((sum, { entities }) => sum + entities, 0)).toBe(300); // here entities keep to one segment
      },
    );
    it('equal an evaluation of their rows alone', () => {
      const world = richWorld();
      const rows = [...Array(world.rows).keys()].filter((row) => world.historyLength[row] === 0);
      const alone = evaluate(
        scoredRows({
          label: rows.map((row) => world.label[row]!),
          entity: rows.map((row) => world.entity[row]!),
          scores: { a: rows.map((row) => world.scores.get('a')![row]!) },
        }),
        [],
      ).models[0]!;
      const segment = segments.find((one) => one.value === '0')!;
      expect(segment.rows).toBe(rows.length);
      for (const metric of ['auc', 'groupAuc', 'logLoss', 'normalizedEntropy', 'calibrationError'] as const)
        expect(segment.metrics[metric]!.value!).toBeCloseTo(alone.metrics[metric]!.value!, 12);
    });
    it('carry Δ to each baseline for the evaluated model only', () => {
      const segment = segments.find((one) => one.value === 'new')!;
      expect(segment.comparisons.length).toBe(2 * 3);
      const other = result.models[2]!.segments.find((one) => one.value === 'new')!;
      expect(other.comparisons).toEqual([]);
      const delta = segment.comparisons.find((one) => one.baseline === 'noise' && one.metric === 'auc')!;
      expect(delta.delta!).toBeCloseTo(segment.metrics['auc']!.value! - other.metrics['auc']!.value!, 14);
      expect(delta.low!).toBeLessThan(delta.delta!);
    });
    it('that are too small show counts and say so', () => {
      const small = segments.find((one) => one.value === '<=1h')!; // entity 1 alone
      expect(small.tooSmall).toMatch(/^too small: \d+ rows, 200 needed; .*1 entities, 20 needed$/);
      expect([small.metrics, small.comparisons]).toEqual([{}, []]);
      expect(small.labelRate).toBe(small.positives / small.rows);
    });
  });
});

describe('identical models', () => {
  it('are undecided with Δ exactly 0 and p = 1', () => {
    const world = richWorld();
    const twin = new Map([...world.scores, ['twin', world.scores.get('a')!]]);
    const { comparisons } = evaluate({ ...world, scores: twin }, ['twin']);
    expect(comparisons.length).toBeGreaterThanOrEqual(6 + 2 * 3);
    for (const { delta, low, high, pValue, verdict } of comparisons)
      expect([delta, low, high, pValue, verdict]).toEqual([0, 0, 0, 1, 'undecided']);
  });
});

describe('too little data', () => {
  it('one class: nulls with reasons, an undecided comparison with its reason', () => {
    const { models, comparisons } = evaluate(
      scoredRows({ label: [1, 1, 1], entity: [1, 1, 2], scores: { a: [0.5, 0.6, 0.7], b: [0.1, 0.2, 0.3] } }),
      ['b'],
    );
    expect(models[0]!.metrics['auc']).toEqual({ value: null, interval: null, reason: 'every label is 1' });
    const auc = comparisons.find(({ metric }) => metric === 'auc')!;
    expect([auc.delta, auc.verdict, auc.reason]).toEqual([null, 'undecided', 'a: every label is 1']);
    const loss = comparisons.find(({ metric }) => metric === 'logLoss')!;
    expect(loss.delta).toBeLessThan(0);
    expect([loss.low, loss.verdict]).toEqual([null, 'undecided']);
    expect(loss.reason).toMatch(/only 2 entities/);
  });
});

describe('what is refused', () => {
  const rows = { label: [0, 1], entity: [1, 2], scores: { a: [0.5, 0.5] } };
  it('no rows', () => {
    expect(() => evaluate(scoredRows({ label: [], entity: [], scores: { a: [] } }), [])).toThrow(
      expect.objectContaining({ code: 'EVAL_NO_ROWS' }),
    );
  });
  it.each([Number.NaN, 1.5, -0.1])('a score of %s', (score) => {
    expect(() => evaluate(scoredRows({ ...rows, scores: { a: [0.5, score] } }), [])).toThrow(
      expect.objectContaining({ code: 'EVAL_SCORE_NOT_PROBABILITY', where: 'model a, row 1' }),
    );
  });
  it('an unknown segment feature', () => {
    expect(() => evaluate(scoredRows(rows), [], { segments: { features: ['colour'] } })).toThrow(
      expect.objectContaining({ code: 'EVAL_UNKNOWN_SEGMENT_FEATURE' }),
    );
  });
  it('a model compared with itself, and one without scores', () => {
    expect(() => evaluate(scoredRows(rows), ['a'])).toThrow(/compared with itself/);
    expect(() => evaluate(scoredRows(rows), ['b'])).toThrow(/No scores of model "b"/);
  });
  it('unknown keys and edges that do not rise in the configuration', () => {
    expect(() => evaluationConfig.parse({ replicates: 100 })).toThrow();
    expect(() => evaluationConfig.parse({ segments: { historyLength: [5, 1] } })).toThrow(/must rise/);
    expect(evaluationConfig.parse({})).toMatchObject({ level: 0.95, groupAuc: 'events', k: [5, 10] });
  });
});

describe('verdictOf', () => {
  const interval = (low: number, high: number) =>
    ({ low, high, standardError: 1, pValue: 0 }) as BootstrapInterval;
  it('needs the interval and the corrected p-value to agree', () => {
    expect(verdictOf('higher', interval(0.1, 0.2), 0.01, 0.95)).toBe('better');
    expect(verdictOf('higher', interval(-0.2, -0.1), 0.01, 0.95)).toBe('worse');
    expect(verdictOf('lower', interval(-0.2, -0.1), 0.01, 0.95)).toBe('better');
    expect(verdictOf('higher', interval(0.1, 0.2), 0.06, 0.95)).toBe('undecided');
    expect(verdictOf('higher', interval(-0.1, 0.2), 0.01, 0.95)).toBe('undecided');
    expect(verdictOf('higher', interval(0.1, 0.2), null, 0.95)).toBe('undecided');
  });
});

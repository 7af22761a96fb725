// The verdict in words says what the numbers say, and never more.
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/evaluation/comparison/compare-models.js';
import { findings } from '../../src/report/text/findings.js';
import { baselineVerdicts, headline } from '../../src/report/text/verdict.js';
import type { RunEvaluation } from '../../src/runs/evaluation.js';
import { simulatedRun } from './simulated-report.js';

const base = simulatedRun({ baselines: ['widedeep'] }).evaluation!;

function comparison(parts: Partial<Comparison>): Comparison {
  return {
    baseline: 'widedeep',
    metric: 'auc',
    betterWhen: 'higher',
    value: 0.76,
    baselineValue: 0.74,
    delta: 0.02,
    low: 0.015,
    high: 0.025,
    standardError: 0.0025,
    pValue: 0.0004,
    adjustedPValue: 0.0004,
    verdict: 'better',
    method: 'paired bootstrap',
    ...parts,
  };
}

const result = (...comparisons: readonly Comparison[]): RunEvaluation => ({ ...base, comparisons });
const only = (parts: Partial<Comparison>) => baselineVerdicts(result(comparison(parts)))[0]!;

describe('a verdict', () => {
  it('names both values, the difference, its interval and its p-value', () => {
    expect(only({}).sentence).toBe(
      'limaml ranks better than widedeep: AUC 0.7600 against 0.7400, a difference of +0.0200 (95\u00a0% interval +0.0150 to +0.0250, p <\u00a00.001).',
    );
  });

  it('says worse as plainly as better', () => {
    const worse = only({ delta: -0.02, low: -0.025, high: -0.015, value: 0.72, verdict: 'worse' });
    expect(worse).toMatchObject({ verdict: 'worse', delta: -0.02 });
    expect(worse.sentence).toContain(
      'limaml ranks worse than widedeep: AUC 0.7200 against 0.7400, a difference of −0.0200',
    );
  });

  it('shows the digit that decides', () => {
    const close = only({
      delta: -0.015,
      low: -0.0303,
      high: -0.00002,
      verdict: 'worse',
      adjustedPValue: 0.0498,
    });
    expect(close.sentence).toContain('−0.03030 to −0.00002, p = 0.0498');
  });

  it('says undecided, and why', () => {
    expect(only({ low: -0.001, high: 0.041, verdict: 'undecided', adjustedPValue: 0.062 }).sentence).toBe(
      'Whether limaml ranks better or worse than widedeep is undecided: AUC 0.7600 against 0.7400, a difference of +0.0200 (95\u00a0% interval −0.0010 to +0.0410, p = 0.062); the interval includes 0.',
    );
    expect(only({ verdict: 'undecided', adjustedPValue: 0.08 }).sentence).toContain(
      'the interval excludes 0, but not after the correction for several baselines',
    );
  });

  it('decides nothing without an interval or a value', () => {
    expect(
      only({ low: null, high: null, verdict: 'undecided', reason: 'only 4 entities' }).sentence,
    ).toContain('without an interval (only 4 entities), so nothing is decided');
    expect(
      only({ delta: null, low: null, high: null, verdict: 'undecided', reason: 'every label is 0' }).sentence,
    ).toBe('limaml and widedeep cannot be compared by AUC: every label is 0.');
  });

  it('sorts the other metrics by how they came out', () => {
    const found = baselineVerdicts(
      result(
        comparison({}),
        comparison({ metric: 'logLoss' }),
        comparison({ metric: 'ndcg@5', verdict: 'worse' }),
        comparison({ metric: 'groupAuc', verdict: 'undecided' }),
        comparison({ metric: 'recall@5', delta: null, verdict: 'undecided' }),
      ),
    );
    expect(found[0]!.others).toBe('Also better: log loss. Worse: nDCG@5. Undecided: group AUC.');
  });
});

describe('a headline', () => {
  const verdict = (baseline: string, verdict: Comparison['verdict']) => ({ ...only({}), baseline, verdict });
  it.each([
    [[], 'limaml, measured alone'],
    [
      [verdict('widedeep', 'better'), verdict('deep', 'better')],
      'limaml ranks better than widedeep and deep',
    ],
    [
      [verdict('widedeep', 'worse'), verdict('deep', 'better'), verdict('finetune', 'undecided')],
      'limaml ranks better than deep; ranks worse than widedeep; is undecided against finetune',
    ],
  ])('%#', (verdicts, expected) => {
    expect(headline('limaml', verdicts)).toBe(expected);
  });
});

describe('findings', () => {
  const segment = (value: string, delta: number | null, low: number, high: number) => ({
    ...base.models[0]!.segments[0]!,
    by: 'historyLength',
    value,
    comparisons: [
      {
        baseline: 'widedeep',
        metric: 'auc' as const,
        delta,
        low: delta === null ? null : low,
        high: delta === null ? null : high,
      },
    ],
  });
  const withSegments = (...segments: ReturnType<typeof segment>[]): RunEvaluation => {
    const { adaptation: _, ...rest } = base;
    return { ...rest, oracle: null, models: [{ ...base.models[0]!, segments }, ...base.models.slice(1)] };
  };

  it('name the segment of the largest gain, those without one, and those that lose', () => {
    const texts = findings(
      withSegments(
        segment('0', 0.001, -0.01, 0.012),
        segment('1-5', 0.04, 0.02, 0.06),
        segment('6-20', 0.03, 0.01, 0.05),
        segment('>20', -0.02, -0.03, -0.01),
      ),
      [],
    );
    expect(texts).toEqual([
      'Against widedeep the gain is largest at history length 1–5 (+0.0400 AUC, +0.0200 to +0.0600).',
      'No difference can be seen at history length 0.',
      'It ranks worse than widedeep in this segment: history length > 20 (−0.0200); these intervals are not corrected for the number of segments.',
    ]);
  });

  it('claim no gain where there is none', () => {
    const texts = findings(withSegments(segment('0', 0.01, -0.01, 0.03), segment('1-5', null, 0, 0)), []);
    expect(texts).toEqual([
      'No difference can be seen at history length 0.',
      'In no segment is it seen to rank worse than widedeep.',
    ]);
  });

  it('say what adaptation is worth, whichever way it goes', () => {
    const curves = base.adaptation!;
    const worth = (delta: number) =>
      findings(
        {
          ...withSegments(),
          adaptation: {
            ...curves,
            placebo: null,
            served: { ...curves.served, overPrior: { delta, low: delta - 0.01, high: delta + 0.01 } },
          },
        },
        [],
      ).at(-1);
    expect(worth(0.08)).toContain('Adaptation adds 0.0800 AUC');
    expect(worth(-0.08)).toContain('Adaptation takes 0.0800 AUC');
    expect(worth(0.001)).toContain('Adaptation changes nothing that can be seen: +0.0010 AUC');
    expect(findings(base, []).join(' ')).toContain('With the support labels shuffled it is −0.0040.');
  });
});

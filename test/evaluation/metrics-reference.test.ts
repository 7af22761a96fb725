// Every metric against scikit-learn's (and mpmath's) recorded values.
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { evaluateRows } from '../../src/evaluation/evaluate-rows.js';
import { auc } from '../../src/evaluation/metrics/auc.js';
import { logLoss } from '../../src/evaluation/metrics/log-loss.js';
import { silent } from '../../src/progress.js';
import { fixture, floats, labels, scoredRows } from './arrays.js';

interface Case {
  name: string;
  label: number[];
  score: number[];
  entity: number[];
  auc: number | null;
  prAuc: number | null;
  logLoss: number;
  normalizedEntropy: number | null;
  calibrationError: Record<'equal-mass' | 'equal-width', number>;
  line: { slope: number; intercept: number } | null;
  groupAuc: Record<'events' | 'positives' | 'equal', { value: number | null; excluded: number }>;
  ranking: Record<string, { precision: number | null; recall: number | null; ndcg: number | null }>;
}

const { bins, ks, cases } = fixture<{ bins: number; ks: number[]; cases: Case[] }>('metrics');

/** Null must be null; a number must be within 1e-12. */
function same(actual: number | null, expected: number | null, what: string): void {
  if (expected === null || actual === null) expect(actual, what).toBe(expected);
  else expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(1e-12);
}

it('has all recorded cases', () => expect(cases.length).toBe(13));

describe.each(cases)('$name', (one) => {
  const scored = scoredRows({ label: one.label, entity: one.entity, scores: { model: one.score } });
  const evaluate = (groupAuc: 'events' | 'positives' | 'equal', kind: 'equal-mass' | 'equal-width') =>
    evaluateRows(scored, {
      model: 'model',
      baselines: [],
      config: evaluationConfig.parse({
        groupAuc,
        k: ks,
        calibration: { bins, kind },
        bootstrap: { replicates: 200 },
      }),
      seed: 1,
      progress: silent,
    });
  const result = evaluate('events', 'equal-mass');
  const card = result.models[0]!.metrics;
  const value = (name: string) => card[name]!.value;

  it('AUC, log loss, normalised entropy', () => {
    same(auc(labels(one.label), floats(one.score)).value, one.auc, 'auc');
    same(value('auc'), one.auc, 'auc');
    same(logLoss(labels(one.label), floats(one.score)).value, one.logLoss, 'logLoss');
    same(value('logLoss'), one.logLoss, 'logLoss');
    same(value('normalizedEntropy'), one.normalizedEntropy, 'normalizedEntropy');
  });

  it('PR-AUC', () => same(value('prAuc'), one.prAuc, 'prAuc'));

  it('calibration error in bins of either kind', () => {
    same(value('calibrationError'), one.calibrationError['equal-mass'], 'equal mass');
    const width = evaluate('events', 'equal-width').models[0]!.metrics;
    same(width['calibrationError']!.value, one.calibrationError['equal-width'], 'equal width');
  });

  it('calibration line', () => {
    same(value('calibrationSlope'), one.line?.slope ?? null, 'slope');
    same(value('calibrationIntercept'), one.line?.intercept ?? null, 'intercept');
    if (one.line === null) expect(card['calibrationSlope']!.reason).toMatch(/\w/);
  });

  it.each(['events', 'positives', 'equal'] as const)('group AUC weighted by %s', (weights) => {
    const score = evaluate(weights, 'equal-mass').models[0]!.metrics['groupAuc']!;
    same(score.value, one.groupAuc[weights].value, weights);
    const { entities, excludedEntities } = score.detail as Record<string, number>;
    expect(excludedEntities).toBe(one.groupAuc[weights].excluded);
    expect(entities! + excludedEntities!).toBe(new Set(one.entity).size);
  });

  it('precision, recall and nDCG at k', () => {
    expect(ks.length).toBe(3);
    for (const k of ks)
      for (const list of ['precision', 'recall', 'ndcg'] as const)
        same(value(`${list}@${k}`), one.ranking[k]![list], `${list}@${k}`);
  });

  it('gives a reason for every null and no NaN', () => {
    expect(Object.keys(card).length).toBe(result.metrics.length);
    for (const [name, score] of Object.entries(card))
      expect(score.reason !== undefined, name).toBe(score.value === null);
    expect(JSON.stringify(result)).toBe(
      JSON.stringify(result, (_key, value: unknown) => {
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        return value;
      }),
    );
  });
});

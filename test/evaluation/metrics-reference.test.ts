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
  const model = result.models[0]!;

  it('AUC, log loss, normalised entropy', () => {
    same(auc(labels(one.label), floats(one.score)).value, one.auc, 'auc');
    same(model.auc, one.auc, 'auc');
    same(logLoss(labels(one.label), floats(one.score)).value, one.logLoss, 'logLoss');
    same(model.logLoss, one.logLoss, 'logLoss');
    same(model.normalizedEntropy, one.normalizedEntropy, 'normalizedEntropy');
  });

  it('calibration error in bins of either kind', () => {
    same(model.calibrationError, one.calibrationError['equal-mass'], 'equal mass');
    const width = evaluate('events', 'equal-width').models[0]!;
    same(width.calibrationError, one.calibrationError['equal-width'], 'equal width');
  });

  it('calibration line', () => {
    same(model.calibrationSlope, one.line?.slope ?? null, 'slope');
    same(model.calibrationIntercept, one.line?.intercept ?? null, 'intercept');
    if (one.line === null) expect(model.undefinedMetrics.calibrationSlope).toMatch(/\w/);
  });

  it.each(['events', 'positives', 'equal'] as const)('group AUC weighted by %s', (weights) => {
    const { groupAuc, groupAucDetail } = evaluate(weights, 'equal-mass').models[0]!;
    same(groupAuc, one.groupAuc[weights].value, weights);
    expect(groupAucDetail.excludedEntities).toBe(one.groupAuc[weights].excluded);
    expect(groupAucDetail.entities + groupAucDetail.excludedEntities).toBe(new Set(one.entity).size);
  });

  it('precision, recall and nDCG at k', () => {
    expect(model.ranking.length).toBe(ks.length);
    for (const { k, precision, recall, ndcg } of model.ranking) {
      same(precision, one.ranking[k]!.precision, `precision@${k}`);
      same(recall, one.ranking[k]!.recall, `recall@${k}`);
      same(ndcg, one.ranking[k]!.ndcg, `ndcg@${k}`);
    }
  });

  it('gives a reason for every null and no NaN', () => {
    for (const metric of ['auc', 'groupAuc', 'normalizedEntropy', 'calibrationSlope'] as const)
      expect(model.undefinedMetrics[metric] !== undefined, metric).toBe(model[metric] === null);
    expect(JSON.stringify(result)).toBe(
      JSON.stringify(result, (_key, value: unknown) => {
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        return value;
      }),
    );
  });
});

// The metrics that training follows on validation rows: the evaluation's own definitions, so that both speak of the same thing.
import { UserError } from '../errors.js';
import type { MetricFunction } from '../training/validate.js';
import type { EvaluationConfig } from './config/evaluation-config.js';
import { aucOfRanked, groupAucs } from './metrics/auc.js';
import { groupAuc, groupAucWeights } from './metrics/group-auc.js';
import { logLoss } from './metrics/log-loss.js';
import { groupRanking, rankRows } from './rows/ranked-rows.js';

/** AUC, group AUC and log loss of scored rows. Throws TRAINING_DIVERGED for scores that are no numbers. */
export function rowMetrics(weights: EvaluationConfig['groupAuc']): MetricFunction {
  return (label, probability, entity) => {
    if (probability.some(Number.isNaN)) {
      throw new UserError({
        code: 'TRAINING_DIVERGED',
        where: 'validation rows',
        what: 'The model scores rows with NaN.',
        next: 'Lower the learning rates (optimizer.learningRate, inner.rate) and train again.',
      });
    }
    const { unit, units } = numbered(entity);
    const ranked = rankRows(label, probability, unit);
    const rows = new Float64Array(units);
    const positives = new Float64Array(units);
    unit.forEach((u, row) => {
      rows[u]!++;
      positives[u]! += label[row]!;
    });
    const aucs = groupAucs(groupRanking(ranked, units));
    return {
      auc: aucOfRanked(ranked).value,
      groupAuc: groupAuc(aucs, rows, groupAucWeights(rows, positives, weights), weights).result.value,
      logLoss: logLoss(label, probability).value ?? Number.NaN,
    };
  };
}

/** Entities numbered from 0 in the order they first occur. */
function numbered(entity: Int32Array): { readonly unit: Int32Array; readonly units: number } {
  const numbers = new Map<number, number>();
  const unit = entity.map((index) => {
    const known = numbers.get(index) ?? numbers.size;
    numbers.set(index, known);
    return known;
  });
  return { unit, units: numbers.size };
}

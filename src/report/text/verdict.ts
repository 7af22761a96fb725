// The verdict in words: better, worse or undecided, by how much, on how many rows and entities.

import type { Comparison, Verdict } from '../../evaluation/comparison/compare-models.js';
import { comparedTitle } from '../../evaluation/metrics/metric.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { count, decimal, levelText, listed, percent, pValue, range, signed } from './numbers.js';

export interface BaselineVerdict {
  readonly baseline: string;
  readonly verdict: Verdict;
  /** Of the AUC, which decides the verdict. */
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly sentence: string;
  /** The other metrics, by how they came out. */
  readonly others: string;
}

/** One for each baseline, in the order they were compared. */
export function baselineVerdicts(result: RunEvaluation): readonly BaselineVerdict[] {
  const baselines = result.models.slice(1).map(({ model }) => model);
  return baselines.map((baseline) => {
    const own = result.comparisons.filter((one) => one.baseline === baseline);
    const auc = own.find(({ metric }) => metric === 'auc');
    return {
      baseline,
      verdict: auc?.verdict ?? 'undecided',
      delta: auc?.delta ?? null,
      low: auc?.low ?? null,
      high: auc?.high ?? null,
      sentence: aucSentence(result, baseline, auc, baselines.length),
      others: otherMetrics(result.metrics, own),
    };
  });
}

/** The heading of a report: which baselines the model beats, and which not. */
export function headline(model: string, verdicts: readonly BaselineVerdict[]): string {
  const of = (verdict: Verdict): string[] =>
    verdicts.filter((one) => one.verdict === verdict).map(({ baseline }) => baseline);
  const parts = [
    of('better').length > 0 && `ranks better than ${listed(of('better'))}`,
    of('worse').length > 0 && `ranks worse than ${listed(of('worse'))}`,
    of('undecided').length > 0 && `is undecided against ${listed(of('undecided'))}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? `${model}, measured alone` : `${model} ${parts.join('; ')}`;
}

/** How much was measured. */
export function measuredOn({ rows, entities, labelRate, dataset }: RunEvaluation): string {
  return `Measured on ${count(rows)} test rows of ${count(entities)} entities of ${dataset}; ${percent(labelRate)} of the rows have label 1.`;
}

function aucSentence(
  { model, level }: RunEvaluation,
  baseline: string,
  auc: Comparison | undefined,
  baselines: number,
): string {
  if (auc === undefined || auc.delta === null)
    return `${model} and ${baseline} cannot be compared by AUC: ${auc?.reason ?? 'it was not measured'}.`;
  const values = `AUC ${decimal(auc.value)} against ${decimal(auc.baselineValue)}, a difference of ${signed(auc.delta)}`;
  if (auc.low === null || auc.high === null)
    return `${model} against ${baseline}: ${values}, without an interval (${auc.reason ?? 'none'}), so nothing is decided.`;
  const interval = `${levelText(level)} interval ${range(auc.low, auc.high)}`;
  const corrected = baselines > 1 ? ` after correction for ${baselines} baselines` : '';
  const p =
    auc.adjustedPValue === null ? '' : `, p ${equals(pValue(auc.adjustedPValue, 1 - level))}${corrected}`;
  if (auc.verdict !== 'undecided')
    return `${model} ranks ${auc.verdict} than ${baseline}: ${values} (${interval}${p}).`;
  const why =
    auc.low <= 0 && auc.high >= 0
      ? 'the interval includes 0'
      : 'the interval excludes 0, but not after the correction for several baselines';
  return `Whether ${model} ranks better or worse than ${baseline} is undecided: ${values} (${interval}${p}); ${why}.`;
}

const equals = (text: string): string => (text.startsWith('<') ? text : `= ${text}`);

function otherMetrics(metrics: RunEvaluation['metrics'], comparisons: readonly Comparison[]): string {
  const of = (verdict: Verdict): string[] =>
    metrics
      .filter(({ name }) =>
        comparisons.some(
          (one) => one.metric === name && name !== 'auc' && one.delta !== null && one.verdict === verdict,
        ),
      )
      .map(comparedTitle);
  return [
    ['Also better', of('better')] as const,
    ['Worse', of('worse')] as const,
    ['Undecided', of('undecided')] as const,
  ]
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${listed(names)}.`)
    .join(' ');
}

// What else a reader should know at once: where the difference comes from, what adaptation is worth, what seeds do to it.

import type { SegmentResult } from '../../evaluation/segments/segment-results.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import type { NumberOverSeeds } from '../data/seed-runs.js';
import { count, decimal, levelText, listed, range, signed } from './numbers.js';
import { segmentName } from './segment-names.js';

/** Sentences, in the order of their weight; few, because each has its section. */
export function findings(result: RunEvaluation, spreads: readonly NumberOverSeeds[]): readonly string[] {
  return [
    ...segmentFindings(result),
    ...servedFindings(result),
    ...adaptationFinding(result),
    ...seedFinding(spreads),
    ...oracleFinding(result),
  ];
}

interface SegmentDelta {
  readonly name: string;
  readonly by: string;
  readonly delta: number;
  readonly low: number;
  readonly high: number;
}

/** By history length and seen/new, against the first baseline: where personalisation should show. */
function segmentFindings({ models }: RunEvaluation): readonly string[] {
  const [model, baseline] = models;
  if (model === undefined || baseline === undefined) return [];
  const all = model.segments.flatMap((segment) => segmentDelta(segment, baseline.model));
  const lengths = all.filter(({ by }) => by === 'historyLength').sort((a, b) => b.delta - a.delta);
  const [most] = lengths;
  const worse = all.filter(({ high }) => high < 0);
  const texts: string[] = [];
  if (most !== undefined && most.low > 0)
    texts.push(
      `Against ${baseline.model} the gain is largest at ${most.name} (${signed(most.delta)} AUC, ${range(most.low, most.high)}).`,
    );
  const open = lengths.filter(({ low, high }) => low <= 0 && high >= 0);
  if (open.length > 0) texts.push(`No difference can be seen at ${listed(open.map(({ name }) => name))}.`);
  texts.push(
    worse.length === 0
      ? `In no segment is it seen to rank worse than ${baseline.model}.`
      : `It ranks worse than ${baseline.model} in ${worse.length === 1 ? 'this segment' : 'these segments'}: ${listed(worse.map(({ name, delta }) => `${name} (${signed(delta)})`))}; these intervals are not corrected for the number of segments.`,
  );
  return texts;
}

function segmentDelta(segment: SegmentResult, baseline: string): readonly SegmentDelta[] {
  const found = segment.comparisons.find((one) => one.metric === 'auc' && one.baseline === baseline);
  if (found === undefined || found.delta === null || found.low === null || found.high === null) return [];
  const { delta, low, high } = found;
  return [{ name: segmentName(segment.by, segment.value), by: segment.by, delta, low, high }];
}

/** AUC as it is served, against every baseline and against frozen vectors. */
function servedFindings({ replays }: RunEvaluation): readonly string[] {
  return replays.flatMap(({ label, model, models, comparisons }) => {
    const auc = models[0]?.metrics['auc']?.value ?? null;
    const told = comparisons
      .filter(({ metric, delta }) => metric === 'auc' && delta !== null)
      .map(({ baseline, delta, low, high }) => `${signed(delta)} to ${baseline} (${range(low, high)})`);
    return auc === null || told.length === 0
      ? []
      : [`As it is served (${label}) ${model} has an AUC of ${decimal(auc)}: ${listed(told)}.`];
  });
}

function adaptationFinding({ adaptation, level }: RunEvaluation): readonly string[] {
  if (adaptation === undefined) return [];
  const { served, placebo } = adaptation;
  const { delta, low, high } = served.overPrior;
  if (delta === null || low === null || high === null) return [];
  const worth =
    low > 0
      ? `adds ${decimal(delta)} AUC`
      : high < 0
        ? `takes ${decimal(-delta)} AUC`
        : `changes nothing that can be seen: ${signed(delta)} AUC`;
  const shuffled =
    placebo?.overPrior.delta == null
      ? ''
      : ` With the support labels shuffled it is ${signed(placebo.overPrior.delta)}.`;
  return [
    `Adaptation ${worth} (${levelText(level)} interval ${range(low, high)}) over the same model without support.${shuffled}`,
  ];
}

function seedFinding(spreads: readonly NumberOverSeeds[]): readonly string[] {
  const found = spreads.find(({ metric, baseline }) => metric.name === 'auc' && baseline !== null);
  if (found === undefined) return [];
  const { baseline, values, spread } = found;
  const numbers = values.map(({ value }) => value);
  return [
    `Trained with ${count(values.length)} seeds, the AUC difference to ${baseline} is ${signed(spread.mean)} on average, from ${range(Math.min(...numbers), Math.max(...numbers))} (standard deviation ${decimal(spread.standardDeviation)}).`,
  ];
}

function oracleFinding({ oracle, models }: RunEvaluation): readonly string[] {
  const auc = models[0]?.metrics['auc']?.value;
  if (oracle == null || auc == null) return [];
  return [
    `The data are made up, and their true probabilities reach an AUC of ${decimal(oracle.auc)}: the model is ${decimal(oracle.auc - auc)} below the most that can be had.`,
  ];
}

// Which of two values of a metric is better, by the metric's name as runs store it.
import { gain, type MetricFacts } from '../evaluation/metrics/metric.js';
import { METRICS } from '../evaluation/metrics/registry.js';

const FACTS: readonly MetricFacts[] = METRICS.flatMap((entry) =>
  typeof entry === 'function' ? [] : [entry],
);

/** Metrics of the first k places: of a list that is better the more of it was clicked. */
const TOP_LIST = /^(precision|recall|ndcg)@\d+$/;

/** The value as "larger is better"; undefined for a name that is no metric. */
export function gainOf(name: string, value: number): number | undefined {
  const facts = FACTS.find((metric) => metric.name === name);
  if (facts !== undefined) return gain(facts, value);
  return TOP_LIST.test(name) ? value : undefined;
}

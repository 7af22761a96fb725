// A metric of the registry by its name.
import type { EvaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { type Metric, metricsOf } from '../../src/evaluation/metrics/metric.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';

export function namedMetric(name: string, config: EvaluationConfig): Metric {
  const found = metricsOf(METRICS, config).find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`no metric ${name}`);
  return found;
}

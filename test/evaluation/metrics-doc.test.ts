// docs/metrics.md defines every metric that an evaluation or a check names.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { metricDefinitions } from '../../src/evaluation/metrics/metric-catalogue.js';
import { CHECKED_METRICS } from '../../src/workflows/check/expectation.js';

const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| `'));
const names = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));

describe('docs/metrics.md', () => {
  it('defines what an evaluation names', () => {
    const measured = Object.keys(metricDefinitions(evaluationConfig.parse({})));
    expect(measured.length).toBeGreaterThanOrEqual(7 + 3);
    for (const metric of measured) expect(names).toContain(metric.replace(/@\d+$/, '@k'));
  });

  it('defines what a check names', () => {
    expect(CHECKED_METRICS.length).toBe(3);
    for (const metric of CHECKED_METRICS) expect(names).toContain(metric);
  });

  it('has no place left to fill in', () => {
    expect(text).not.toMatch(/^[A-Z]+_[A-Z]+$/m);
  });
});

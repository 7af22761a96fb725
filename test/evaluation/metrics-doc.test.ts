// docs/metrics.md defines every registered metric, by its name and with the way that is better.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { metricsOf } from '../../src/evaluation/metrics/metric.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';

const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
const metrics = metricsOf(METRICS, evaluationConfig.parse({ k: [5] }));

describe('docs/metrics.md', () => {
  it.each(metrics)('defines $name, and says which way is better', ({ name, better }) => {
    const row = rows.find(([, names]) => names!.includes(`\`${name.replace('@5', '@k')}\``));
    expect(row?.[2]).toMatch(/\w+ \w+/);
    const way = typeof better === 'object' ? `near ${better.nearest}` : better;
    expect(row?.[3]).toContain(way);
  });

  it('defines no metric that there is not', () => {
    const names = rows.flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
    expect(names.length).toBeGreaterThanOrEqual(10);
    const known = metrics.map(({ name }) => name.replace('@5', '@k'));
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });
});

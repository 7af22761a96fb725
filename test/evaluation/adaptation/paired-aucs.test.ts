// Several scorings of the same rows measured together: the AUCs are the metric's own, the differences are paired.
import { describe, expect, it } from 'vitest';
import { pairedAucs } from '../../../src/evaluation/adaptation/paired-aucs.js';
import { evaluationConfig } from '../../../src/evaluation/config/evaluation-config.js';
import { auc } from '../../../src/evaluation/metrics/auc.js';
import { randomStream } from '../../../src/random.js';

const units = 60;
const rows = 600;
const stream = randomStream(3, 'rows');
const unit = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 10));
const label = Uint8Array.from({ length: rows }, () => (stream.uniform() < 0.4 ? 1 : 0));
const informed = (strength: number): Float64Array =>
  Float64Array.from(label, (y) => 1 / (1 + Math.exp(-(strength * (y - 0.5) + stream.normal()))));
const [strong, weak] = [informed(2), informed(0.5)];
const config = (auc: 'exact' | 'linear') => evaluationConfig.parse({ bootstrap: { replicates: 1000, auc } });
const measure = (kind: 'exact' | 'linear', scorings: readonly Float64Array[], labels = label) =>
  pairedAucs({ label: labels, unit, units }, scorings, config(kind), randomStream(1, 'draws'));

describe('AUCs of several scorings', () => {
  it.each(['exact', 'linear'] as const)('are the metric with intervals around it (%s)', (kind) => {
    const found = measure(kind, [strong, weak]);
    expect(found.auc).toBe(kind);
    for (const [place, scores] of [strong, weak].entries()) {
      const { auc: value, low, high } = found.at(place);
      expect(value).toBe(auc(label, scores).value);
      expect(low).toBeLessThan(value!);
      expect(high).toBeGreaterThan(value!);
      expect(high! - low!).toBeLessThan(0.15);
    }
    const { delta, low, high } = found.delta(0, 1);
    expect(delta).toBeCloseTo(found.at(0).auc! - found.at(1).auc!, 15);
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.4);
  });

  it('differ from themselves by nothing, in every draw', () => {
    expect(measure('exact', [strong, strong]).delta(0, 1)).toEqual({ delta: 0, low: 0, high: 0 });
  });

  it('are undefined together where a class is missing', () => {
    const found = measure('exact', [strong, weak], new Uint8Array(rows));
    expect(found.at(0)).toEqual({ auc: null, low: null, high: null });
    expect(found.delta(0, 1)).toEqual({ delta: null, low: null, high: null });
  });
});

// The AUC tests against a published example and a direct implementation, and the distributions against scipy.
import { describe, expect, it } from 'vitest';
import { rankRows } from '../../src/evaluation/rows/ranked-rows.js';
import { clusteredDelongTest, delongTest } from '../../src/evaluation/uncertainty/delong.js';
import { normalQuantile, normalUpperTail } from '../../src/evaluation/uncertainty/normal.js';
import { aucInfluence, placements } from '../../src/evaluation/uncertainty/placements.js';
import {
  noncentralUpperTail,
  studentQuantile,
  studentUpperTail,
} from '../../src/evaluation/uncertainty/student-t.js';
import { fixture, floats, labels } from './arrays.js';

interface Test {
  aucA: number;
  aucB: number;
  delta: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}
interface Recorded {
  published: {
    outcome: number[];
    scores: Record<string, number[]>;
    areas: Record<string, { auc: number; standardError: number }>;
    contrasts: (Pick<Test, 'delta' | 'standardError' | 'low' | 'high' | 'pValue'> & {
      a: string;
      b: string;
    })[];
  };
  cases: {
    name: string;
    label: number[];
    a: number[];
    b: number[];
    entity: number[];
    rows: Test;
    clustered: Test;
  }[];
  distributions: Record<string, number[][]>;
}
const recorded = fixture<Recorded>('significance');
const close = (actual: number, expected: number, tolerance: number): void =>
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(tolerance);

describe('ovarian cancer data of DeLong, DeLong & Clarke-Pearson (1988)', () => {
  const { outcome, scores, areas, contrasts } = recorded.published;
  const label = labels(outcome);
  const placed = (name: string) => placements(rankRows(label, floats(scores[name]!)))!;
  const printed = 0.00005 + 1e-12; // four decimals

  it.each(Object.entries(areas))('area of %s', (name, area) => {
    close(placed(name).auc, area.auc, printed);
    // Against a constant score, whose placement values do not vary, the test's error is that of one area.
    const constant = placements(rankRows(label, new Float64Array(label.length)))!;
    close(delongTest(label, placed(name), constant, 0.95)!.standardError, area.standardError, printed);
  });

  it('contrasts with the K-G score', () => {
    expect(contrasts.length).toBe(2);
    for (const { a, b, ...expected } of contrasts) {
      const test = delongTest(label, placed(a), placed(b), 0.95)!;
      for (const part of ['delta', 'standardError', 'low', 'high', 'pValue'] as const)
        close(test[part], expected[part], printed);
    }
  });
});

describe.each(recorded.cases)('direct placement values over all pairs: $name', (one) => {
  const label = labels(one.label);
  const entities = [...new Set(one.entity)].sort((x, y) => x - y);
  const unit = Int32Array.from(one.entity, (entity) => entities.indexOf(entity));
  const a = rankRows(label, floats(one.a), unit);
  const b = rankRows(label, floats(one.b), unit);
  const parts = ['aucA', 'aucB', 'delta', 'standardError', 'low', 'high', 'pValue'] as const;

  it('independent rows', () => {
    const test = delongTest(label, placements(a)!, placements(b)!, 0.95)!;
    for (const part of parts) close(test[part], one.rows[part], 1e-12);
  });

  it('entities as clusters', () => {
    const test = clusteredDelongTest(
      one.clustered.aucA,
      one.clustered.aucB,
      aucInfluence(a, entities.length)!,
      aucInfluence(b, entities.length)!,
      0.95,
    )!;
    for (const part of parts) close(test[part], one.clustered[part], 1e-12);
  });
});

describe('distributions', () => {
  const functions: Record<string, (...values: number[]) => number> = {
    normalUpperTail: (z) => normalUpperTail(z!),
    normalQuantile: (p) => normalQuantile(p!),
    studentUpperTail: (t, freedom) => studentUpperTail(t!, freedom!),
    studentQuantile: (p, freedom) => studentQuantile(p!, freedom!),
    noncentralUpperTail: (t, freedom, shift) => noncentralUpperTail(t!, freedom!, shift!),
  };
  it('are all recorded', () => expect(Object.keys(recorded.distributions)).toEqual(Object.keys(functions)));
  it.each(Object.entries(functions))('%s', (name, evaluate) => {
    const tolerance = name === 'noncentralUpperTail' ? 1e-6 : 1e-11;
    for (const row of recorded.distributions[name]!) {
      const expected = row[row.length - 1]!;
      close(evaluate(...row.slice(0, -1)), expected, tolerance * Math.max(Math.abs(expected), 1e-3) + 1e-15);
    }
  });
});

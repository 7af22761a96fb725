// Curves over adaptation and a map of embeddings for a report, without any model.
import type {
  AdaptationCurves,
  AdaptationPoint,
  EmbeddingMap,
} from '../../src/evaluation/adaptation/adaptation-result.js';
import type { Importance } from '../../src/evaluation/importance/importance-result.js';
import { randomStream } from '../../src/random.js';
import type { RunEvaluation } from '../../src/runs/evaluation.js';

export function simulatedCurves({ rows, entities, positives }: RunEvaluation): AdaptationCurves {
  const prior = 0.66;
  const full = 0.74;
  const delta = (value: number) => ({ delta: value, low: value - 0.01, high: value + 0.01 });
  const point = (at: number, auc: number): AdaptationPoint => ({
    at,
    auc,
    low: auc - 0.012,
    high: auc + 0.012,
    logLoss: 0.6,
    overPrior: delta(auc - prior),
    overServed: delta(auc - full),
    entitiesWithSupport: 112,
    meanSupport: 17.5,
    medianAgeDays: 3.25,
  });
  const rising = (share: number): number => prior + (full - prior) * share;
  return {
    model: 'limaml',
    rows,
    entities,
    positives,
    sampledFrom: null,
    level: 0.95,
    bootstrap: { replicates: 200, units: entities, auc: 'exact', seed: 1 },
    steps: 3,
    maxSupport: 100,
    prior: point(0, prior),
    served: point(3, full),
    innerSteps: [0, 1, 2, 3].map((k) => point(k, rising(1 - 0.3 ** k + (k === 3 ? 0.027 : 0)))),
    supportSize: [0, 1, 2, 5, 10, 20, 50, 100].map((n) => point(n, rising(Math.log1p(n) / Math.log1p(100)))),
    staleness: [0, 1, 7, 30].map((days) => point(days, rising(1 - days / 45))),
    refreshes: ['none', '7d', '1d', '1h', 'event'].map((refresh, at) => ({
      ...point(at, rising(1 + at / 10)),
      refresh,
    })),
    placebo: point(3, prior - 0.004),
    conditions: ['The same trained model is scored again and again.'],
  };
}

export function simulatedMap(seed: number): EmbeddingMap {
  const stream = randomStream(seed, 'map');
  const segment = Array.from({ length: 300 }, () => stream.integer(6));
  return {
    model: 'limaml',
    size: 32,
    entities: 300,
    sampledFrom: 900,
    explained: [0.4, 0.2],
    segments: ['0', '1-5', '6-20', '21-50', '51-200', '>200'],
    movement: [0, 0.3, 0.5, 0.6, 0.7, 0.8],
    segment,
    x: segment.map((step) => (1 + step) * stream.normal()),
    y: segment.map((step) => (1 + step / 2) * stream.normal()),
  };
}

export function simulatedImportance(): Importance {
  const field = (name: string, of: 'entity' | 'item' | 'event' | 'id', lost: number) => ({
    field: name,
    of,
    auc: { mean: lost, low: lost - 0.002, high: lost + 0.002 },
    logLoss: { mean: 2 * lost, low: 2 * lost - 0.003, high: 2 * lost + 0.003 },
  });
  return {
    model: 'limaml',
    split: 'test',
    rows: 4000,
    entities: 120,
    sampledFrom: null,
    repeats: 5,
    seed: 1,
    level: 0.95,
    auc: 0.742,
    logLoss: 0.6,
    fields: [
      field('genre', 'item', 0.061),
      field('item', 'id', 0.024),
      field('hour of the day, in the zone of the member', 'event', 0.004),
      field('age', 'entity', -0.001),
    ],
    conditions: ['Measured on test rows, for reading alone.'],
  };
}

// The same rows scored by one model adapted in many ways.

import type { FeatureSource } from '../../engine/features/feature-source.js';
import type { TileRunner } from '../../engine/runner/tile-runner.js';
import type { Model } from '../../models/contract/definition.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import { SPLIT } from '../../prepared/format.js';
import type { Progress } from '../../progress.js';
import { type ScoreOptions, scoreSplit } from '../../scoring/score.js';

/** One way of adapting. */
export interface Variant extends Omit<ScoreOptions, 'tileRows'> {
  readonly key: string;
}

interface ScoredVariant {
  readonly key: string;
  /** [rows] */
  readonly probability: Float64Array;
  readonly entitiesWithSupport: number;
  readonly meanSupport: number;
  readonly medianAgeDays: number | null;
}

export interface ScoredVariants {
  /** [rows] 0 or 1 */
  readonly label: Uint8Array;
  /** [rows] entities numbered 0 .. entities − 1 in the order they were scored */
  readonly unit: Int32Array;
  readonly entities: number;
  readonly variants: readonly ScoredVariant[];
}

interface VariantInputs {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly source: FeatureSource;
  readonly runner: TileRunner;
  readonly tileRows: number;
  readonly rows: number;
  readonly progress: Progress;
}

const DAY_MS = 86_400_000;

/** Scores the test rows of every entity in the data set, once a variant. */
export async function scoreVariants(
  inputs: VariantInputs,
  variants: readonly Variant[],
): Promise<ScoredVariants> {
  const { model, dataset, source, runner, tileRows, rows, progress } = inputs;
  const label = new Uint8Array(rows);
  const unit = new Int32Array(rows);
  let entities = 0;
  const scored: ScoredVariant[] = [];
  for (const { key, ...options } of variants) {
    progress({
      kind: 'step',
      done: scored.length,
      total: variants.length,
      unit: 'ways of adapting',
      figures: { now: key },
    });
    const probability = new Float64Array(rows);
    const supports: number[] = [];
    const ages: number[] = [];
    const withSupport = new Set<number>();
    let [at, units, last] = [0, 0, -1];
    for await (const part of scoreSplit(model, dataset, source, runner, SPLIT.test, {
      tileRows,
      ...options,
    })) {
      probability.set(part.probability, at);
      const start = at;
      for (const { entity, query, support } of part.episodes) {
        if (entity !== last) units++;
        last = entity;
        if (support.length > 0) {
          ages.push(part.sinceLastMs[at - start]! / DAY_MS);
          withSupport.add(units);
        }
        for (const row of query) {
          label[at] = part.shard.label[row]!;
          unit[at++] = units - 1;
        }
        supports.push(support.length);
      }
    }
    entities = units;
    scored.push({
      key,
      probability,
      entitiesWithSupport: withSupport.size,
      meanSupport: supports.reduce((sum, n) => sum + n, 0) / Math.max(1, supports.length),
      medianAgeDays: ages.length === 0 ? null : median(ages),
    });
  }
  progress({ kind: 'step', done: variants.length, total: variants.length, unit: 'ways of adapting' });
  return { label, unit, entities, variants: scored };
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

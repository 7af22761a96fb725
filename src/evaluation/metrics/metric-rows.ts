// What a metric is measured from: the ranked rows of one model, and what all models of the same rows share.
import type { EvaluationConfig } from '../config/evaluation-config.js';
import { once } from '../rows/once.js';
import { type GroupedRanking, groupRanking, type RankedRows } from '../rows/ranked-rows.js';
import type { MovingScores } from '../rows/row-set.js';

/** Entities of some rows: the same object for every model that scored them. */
export interface EntityCounts {
  readonly units: number;
  /** [units] rows of each, and those of them with label 1 */
  readonly rows: Float64Array;
  readonly positives: Float64Array;
}

export interface MetricRows {
  readonly config: EvaluationConfig;
  readonly ranked: RankedRows;
  readonly entities: EntityCounts;
  readonly rows: number;
  readonly positives: number;
  /** Set where the scores of an entity are of several instants. */
  readonly moving?: MovingScores | undefined;
}

export function entityCounts({ member }: RankedRows, units: number): EntityCounts {
  const rows = new Float64Array(units);
  const positives = new Float64Array(units);
  for (let place = 0; place < member.length; place++) {
    const of = member[place]!;
    rows[of >> 1]!++;
    positives[of >> 1]! += of & 1;
  }
  return { units, rows, positives };
}

export function metricRows(
  ranked: RankedRows,
  entities: EntityCounts,
  config: EvaluationConfig,
  moving?: MovingScores,
): MetricRows {
  const positives = entities.positives.reduce((sum, count) => sum + count, 0);
  return { config, ranked, entities, rows: ranked.member.length, positives, moving };
}

/** The rows by entity. */
export const groupedRows = (rows: MetricRows): GroupedRanking => once(rows, group);

const group = ({ ranked, entities }: MetricRows): GroupedRanking => groupRanking(ranked, entities.units);

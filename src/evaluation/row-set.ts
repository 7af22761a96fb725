// Rows as the metrics want them: entities numbered densely, every model's scores ranked once, cheap to cut into segments.
import { InternalError, UserError } from '../errors.js';
import { type RankedRows, rankRows } from './metrics/ranked-rows.js';
import type { ScoredRows } from './scored-rows.js';

export interface ScoredModel {
  readonly name: string;
  /** [rows] */
  readonly scores: Float64Array;
  readonly ranked: RankedRows;
}

export interface RowSet {
  readonly rows: number;
  /** [rows] 0 or 1 */
  readonly label: Uint8Array;
  /** Entities that have rows here. */
  readonly units: number;
  /** [rows] entity of each row, 0 .. units − 1 in the order of entity indexes. */
  readonly unit: Int32Array;
  readonly models: readonly ScoredModel[];
}

/**
 * Numbers the entities and ranks the scores of the named models.
 * Throws `UserError` when there are no rows, or a score is no probability, naming model and row.
 */
export function buildRowSet(scored: ScoredRows, models: readonly string[]): RowSet {
  if (scored.rows === 0)
    throw new UserError({
      code: 'EVAL_NO_ROWS',
      what: 'There are no rows to evaluate.',
      next: 'Check the split in the recipe: its test part is empty.',
    });
  for (let row = 0; row < scored.rows; row++)
    if (scored.label[row]! > 1)
      throw new InternalError(`Row ${row}: label ${scored.label[row]} is not 0 or 1.`);
  return {
    rows: scored.rows,
    label: scored.label,
    ...denseUnits(scored.entity),
    models: models.map((name) => {
      const scores = scored.scores.get(name);
      if (scores?.length !== scored.rows) throw new InternalError(`No scores of model "${name}".`);
      checkProbabilities(name, scores);
      return { name, scores, ranked: rankRows(scores) };
    }),
  };
}

function checkProbabilities(model: string, scores: Float64Array): void {
  for (let row = 0; row < scores.length; row++)
    if (!(scores[row]! >= 0 && scores[row]! <= 1))
      throw new UserError({
        code: 'EVAL_SCORE_NOT_PROBABILITY',
        where: `model ${model}, row ${row}`,
        what: `The score is ${scores[row]}, which is no probability.`,
        next: 'The weights have probably diverged: lower the learning rates and train again.',
      });
}

/** Renumbers entity indexes to 0 .. units − 1, keeping their order. */
function denseUnits(entity: Int32Array): { unit: Int32Array; units: number } {
  let highest = -1;
  for (let row = 0; row < entity.length; row++) highest = Math.max(highest, entity[row]!);
  const number = new Int32Array(highest + 1);
  for (let row = 0; row < entity.length; row++) number[entity[row]!] = 1;
  let units = 0;
  for (let index = 0; index <= highest; index++) number[index] = number[index] === 1 ? units++ : -1;
  return { unit: entity.map((index) => number[index]!), units };
}

/**
 * Cuts a row set into disjoint parts without sorting again.
 * @param code [rows] part of each row, 0 .. parts − 1
 */
export function splitRowSet(set: RowSet, code: Int32Array, parts: number): RowSet[] {
  const rows = new Int32Array(parts);
  const placeIn = code.map((part) => rows[part]!++);
  const pick = <T extends Uint8Array | Int32Array | Float64Array>(
    from: T,
    empty: (size: number) => T,
  ): T[] => {
    const picked = Array.from(rows, empty);
    for (let row = 0; row < from.length; row++) picked[code[row]!]![placeIn[row]!] = from[row]!;
    return picked;
  };
  const label = pick(set.label, (size) => new Uint8Array(size));
  const unit = pick(set.unit, (size) => new Int32Array(size));
  const scores = set.models.map((model) => pick(model.scores, (size) => new Float64Array(size)));
  const ranked = set.models.map((model) => splitRanking(model.ranked, code, placeIn, rows));
  return Array.from(rows, (count, part) => ({
    rows: count,
    label: label[part]!,
    ...denseUnits(unit[part]!),
    models: set.models.map(({ name }, m) => ({
      name,
      scores: scores[m]![part]!,
      ranked: ranked[m]![part]!,
    })),
  }));
}

/** A ranking keeps its order, and its ties, when rows are left out. */
function splitRanking(
  { order, tie }: RankedRows,
  code: Int32Array,
  placeIn: Int32Array,
  rows: Int32Array,
): RankedRows[] {
  const parts = Array.from(rows, (count) => ({ order: new Uint32Array(count), tie: new Uint32Array(count) }));
  const next = new Int32Array(rows.length);
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!;
    const part = code[row]!;
    const at = next[part]!++;
    parts[part]!.order[at] = placeIn[row]!;
    parts[part]!.tie[at] = tie[place]!;
  }
  return parts;
}

// Rows as the metrics want them: entities numbered densely, every model's scores ranked once, cheap to cut into segments.
import { InternalError, UserError } from '../../errors.js';
import type { EntityPairs } from './entity-pairs.js';
import { type RankedOrder, type RankedRows, rankRows } from './ranked-rows.js';
import type { ScoredRows } from './scored-rows.js';

interface RankedModel {
  readonly name: string;
  readonly ranked: RankedRows;
  /** Set where the scores of an entity are of several instants, so that its rows are no list. */
  readonly moving?: MovingScores;
}

/** What such scores still say of the order of an entity's rows. */
export interface MovingScores {
  /** [units] share of pairs won, both scored with what was known at the earlier; absent for a part of the rows. */
  readonly pairAucs?: Float64Array;
  readonly exact: number;
  readonly sampled: number;
}

/** Some rows; what a metric reads of them lies in each model's ranking. */
export interface RowSet {
  readonly rows: number;
  /** Entities that have rows here, numbered 0 .. units − 1 in the order of entity indexes. */
  readonly units: number;
  readonly models: readonly RankedModel[];
}

/** All rows, with what is needed to cut them into segments and to pair the models row by row. */
export interface FullRowSet extends RowSet {
  /** [rows] 0 or 1 */
  readonly label: Uint8Array;
  readonly models: readonly (RankedModel & { readonly ranked: RankedOrder })[];
}

/**
 * Numbers the entities and ranks the scores of the named models.
 * Throws `UserError` when there are no rows, or a score is no probability, naming model and row.
 */
export function buildRowSet(scored: ScoredRows, models: readonly string[]): FullRowSet {
  if (scored.rows === 0)
    throw new UserError({
      code: 'EVAL_NO_ROWS',
      what: 'There are no rows to evaluate.',
      next: 'Check the split in the recipe: its test part is empty.',
    });
  for (let row = 0; row < scored.rows; row++)
    if (scored.label[row]! > 1)
      throw new InternalError(`Row ${row}: label ${scored.label[row]} is not 0 or 1.`);
  const { unit, units, number } = denseUnits(scored.entity);
  return {
    rows: scored.rows,
    units,
    label: scored.label,
    models: models.map((name) => {
      const scores = scored.scores.get(name);
      if (scores?.length !== scored.rows) throw new InternalError(`No scores of model "${name}".`);
      checkProbabilities(name, scores);
      const pairs = scored.pairs?.get(name);
      return {
        name,
        ranked: rankRows(scored.label, scores, unit),
        ...(pairs === undefined ? {} : { moving: movingScores(pairs, number, units) }),
      };
    }),
  };
}

function movingScores(
  { wins, pairs, exact, sampled }: EntityPairs,
  number: Int32Array,
  units: number,
): MovingScores {
  const pairAucs = new Float64Array(units).fill(Number.NaN);
  number.forEach((unit, entity) => {
    if (unit >= 0 && pairs[entity]! > 0) pairAucs[unit] = wins[entity]! / pairs[entity]!;
  });
  return { pairAucs, exact, sampled };
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

/** Renumbers entity indexes to 0 .. units − 1, keeping their order; `number` is by index, −1 where there are no rows. */
function denseUnits(entity: Int32Array): { unit: Int32Array; units: number; number: Int32Array } {
  let highest = -1;
  for (let row = 0; row < entity.length; row++) highest = Math.max(highest, entity[row]!);
  const number = new Int32Array(highest + 1);
  for (let row = 0; row < entity.length; row++) number[entity[row]!] = 1;
  let units = 0;
  for (let index = 0; index <= highest; index++) number[index] = number[index] === 1 ? units++ : -1;
  return { unit: entity.map((index) => number[index]!), units, number };
}

/**
 * Cuts rows into disjoint parts without sorting again: a ranking keeps its order when rows are left out.
 * @param code [rows] part of each row, 0 .. parts − 1
 */
export function splitRowSet(set: FullRowSet, code: Uint8Array, parts: number): RowSet[] {
  const starts = new Int32Array(parts + 1);
  for (let row = 0; row < code.length; row++) starts[code[row]! + 1]!++;
  for (let part = 0; part < parts; part++) starts[part + 1]! += starts[part]!;
  const splits = set.models.map(({ ranked }) => splitRanking(ranked, code, starts));
  return Array.from({ length: parts }, (_, part) => ({
    rows: starts[part + 1]! - starts[part]!,
    units: renumberEntities(
      splits.map((split) => split[part]!.member),
      set.units,
    ),
    models: set.models.map(({ name, moving }, model) => ({
      name,
      ranked: splits[model]![part]!,
      // Pairs are of rows of several parts.
      ...(moving === undefined ? {} : { moving: { exact: 0, sampled: 0 } }),
    })),
  }));
}

function splitRanking(
  { order, scores, member }: RankedOrder,
  code: Uint8Array,
  starts: Int32Array,
): RankedRows[] {
  const parts = starts.length - 1;
  const next = starts.slice(0, parts);
  const splitScores = new Float64Array(order.length);
  const splitMember = new Int32Array(order.length);
  // Two passes: the random reads alone overlap in the processor, mixed with the writes they would wait for each other.
  const codeAt = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place++) codeAt[place] = code[order[place]!]!;
  for (let place = 0; place < order.length; place++) {
    const at = next[codeAt[place]!]!++;
    splitScores[at] = scores[place]!;
    splitMember[at] = member[place]!;
  }
  return Array.from({ length: parts }, (_, part) => ({
    scores: splitScores.subarray(starts[part]!, starts[part + 1]!),
    member: splitMember.subarray(starts[part]!, starts[part + 1]!),
  }));
}

/** Numbers the entities of a part densely, keeping their order, the same in every model; returns how many there are. */
function renumberEntities(members: readonly Int32Array[], allUnits: number): number {
  const number = new Int32Array(allUnits).fill(-1);
  for (const of of members[0] ?? []) number[of >> 1] = 0;
  let units = 0;
  for (let unit = 0; unit < allUnits; unit++) if (number[unit] === 0) number[unit] = units++;
  for (const member of members)
    for (let place = 0; place < member.length; place++)
      member[place] = number[member[place]! >> 1]! * 2 + (member[place]! & 1);
  return units;
}

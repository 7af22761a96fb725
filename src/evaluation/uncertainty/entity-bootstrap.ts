// The paired bootstrap over entities: whole entities are drawn with replacement, and every metric of every model is
// computed on the same draws, so that differences between models keep what the models have in common.
import type { RandomStream } from '../../random.js';
import { onceFor } from '../rows/once.js';
import { LANES, type ReplicateRule, weightedSums } from './replicate-rules.js';

/** What is drawn with replacement. */
export interface ResampledBlocks {
  readonly blocks: number;
  /** [units] block of each entity */
  readonly blockOf: Int32Array;
  readonly what: 'entities' | 'random blocks of entities';
}

/**
 * Entities themselves, or, past `limit`, that many random blocks of entities of equal size: blocks made at random
 * are as independent of each other as entities are, and the variance they show is the same in expectation, with a
 * relative error of √(2 / limit).
 */
export function resampledBlocks(units: number, limit: number, stream: RandomStream): ResampledBlocks {
  const blockOf = Int32Array.from({ length: units }, (_, unit) => unit);
  if (units <= limit) return { blocks: units, blockOf, what: 'entities' };
  const shuffled = stream.shuffle(blockOf.slice());
  for (let place = 0; place < units; place++) blockOf[shuffled[place]!] = place % limit;
  return { blocks: limit, blockOf, what: 'random blocks of entities' };
}

/** Column sums by block, the same array for the same values: rules that share a column sum it once. @param values [units] @returns [blocks] */
export const sumByBlock = (values: Float64Array, draws: ResampledBlocks): Float64Array =>
  onceFor(values, draws, blockSums);

function blockSums(values: Float64Array, { blocks, blockOf }: ResampledBlocks): Float64Array {
  const sums = new Float64Array(blocks);
  for (let unit = 0; unit < values.length; unit++) sums[blockOf[unit]!]! += values[unit]!;
  return sums;
}

/**
 * Replicates of every rule on the same draws.
 * @returns for each rule [replicates]; NaN where the metric is undefined in a replicate
 */
export function bootstrapReplicates(
  rules: readonly ReplicateRule[],
  blocks: number,
  replicates: number,
  stream: RandomStream,
): Float64Array[] {
  const passes = Math.ceil(replicates / LANES);
  const results = rules.map(() => new Float64Array(passes * LANES));
  const evaluate = ruleEvaluator(rules);
  const weights = new Float64Array(blocks * LANES);
  for (let pass = 0; pass < passes; pass++) {
    drawWeights(weights, blocks, stream);
    evaluate(weights, results, pass * LANES);
  }
  return results.map((values) => values.subarray(0, replicates));
}

/**
 * Prepares rules for many passes.
 * @returns a function of weights [blocks × 4] that puts four values of each rule at out[rule][at .. at + 3]
 */
export function ruleEvaluator(
  rules: readonly ReplicateRule[],
): (weights: Float64Array, out: readonly Float64Array[], at: number) => void {
  const columns = [...new Set(rules.flatMap((rule) => (rule.kind === 'sums' ? rule.columns : [])))];
  const columnAt = new Map(columns.map((column, index) => [column, index * LANES]));
  const sums = new Float64Array(columns.length * LANES);
  const places = rules.map((rule) =>
    rule.kind === 'sums' ? rule.columns.map((column) => columnAt.get(column)!) : [],
  );
  return (weights, out, at) => {
    columns.forEach((column, index) => {
      weightedSums(column, weights, sums, index * LANES);
    });
    rules.forEach((rule, index) => {
      if (rule.kind === 'weights') rule.evaluate(weights, out[index]!, at);
      else
        for (let lane = 0; lane < LANES; lane++)
          out[index]![at + lane] = rule.combine(places[index]!.map((place) => sums[place + lane]!));
    });
  };
}

/** Draws `blocks` blocks with replacement in each of the four replicates. */
function drawWeights(weights: Float64Array, blocks: number, stream: RandomStream): void {
  weights.fill(0);
  for (let lane = 0; lane < LANES; lane++)
    for (let draw = 0; draw < blocks; draw++) weights[stream.integer(blocks) * LANES + lane]!++;
}

// Paired comparison of two AUCs by DeLong's test, with rows independent or in clusters.
import { normalQuantile, normalUpperTail } from './normal.js';
import type { Placements } from './placements.js';

export interface AucTest {
  readonly aucA: number;
  readonly aucB: number;
  /** aucA − aucB */
  readonly delta: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * DeLong, DeLong & Clarke-Pearson (1988): valid for independent rows. Rows of one entity are not independent,
 * so on recommendation logs its interval is too narrow; it is reported for reference.
 * Undefined with fewer than two rows of either label.
 * @param label [rows] 0 or 1
 * @param a from `placements` of the first model, `b` of the second, on the same rows
 */
export function delongTest(
  label: Uint8Array,
  a: Placements,
  b: Placements,
  level: number,
): AucTest | undefined {
  if (a.positives < 2 || a.negatives < 2) return undefined;
  const variance =
    spreadOfDifferences(label, 1, a, b) / a.positives + spreadOfDifferences(label, 0, a, b) / a.negatives;
  return testOf(a.auc, b.auc, Math.sqrt(variance), level);
}

/**
 * The same with entities as clusters, in the manner of Obuchowski (1997): the rows of an entity may depend on
 * each other in any way, entities are independent. Undefined with one entity.
 * @param influenceA [units] from `aucInfluence` of the first model, `influenceB` of the second
 */
export function clusteredDelongTest(
  aucA: number,
  aucB: number,
  influenceA: Float64Array,
  influenceB: Float64Array,
  level: number,
): AucTest | undefined {
  const units = influenceA.length;
  if (units < 2) return undefined;
  let squares = 0;
  for (let unit = 0; unit < units; unit++) squares += (influenceA[unit]! - influenceB[unit]!) ** 2;
  return testOf(aucA, aucB, Math.sqrt((squares * units) / (units - 1)), level);
}

/** Sample variance of the differences of placement values over the rows of one label. */
function spreadOfDifferences(label: Uint8Array, of: number, a: Placements, b: Placements): number {
  const count = of === 1 ? a.positives : a.negatives;
  const mean = a.auc - b.auc;
  let squares = 0;
  for (let row = 0; row < label.length; row++)
    if (label[row] === of) squares += (a.values[row]! - b.values[row]! - mean) ** 2;
  return squares / (count - 1);
}

function testOf(aucA: number, aucB: number, standardError: number, level: number): AucTest {
  const delta = aucA - aucB;
  const reach = normalQuantile((1 + level) / 2) * standardError;
  const pValue =
    standardError > 0 ? 2 * normalUpperTail(Math.abs(delta) / standardError) : delta === 0 ? 1 : 0;
  return { aucA, aucB, delta, standardError, low: delta - reach, high: delta + reach, pValue };
}

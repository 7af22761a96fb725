// Paired comparison of two AUCs by DeLong's test, with rows independent or in clusters.
import type { RankedRows } from '../metrics/ranked-rows.js';
import { normalQuantile, normalUpperTail } from './normal.js';
import { aucInfluence, type Placements, placements } from './placements.js';

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
 */
export function delongTest(
  label: Uint8Array,
  a: RankedRows,
  b: RankedRows,
  level: number,
): AucTest | undefined {
  const placedA = placements(label, a);
  const placedB = placements(label, b);
  if (placedA === undefined || placedB === undefined) return undefined;
  if (placedA.positives < 2 || placedA.negatives < 2) return undefined;
  const variance =
    spreadOfDifferences(label, 1, placedA, placedB) / placedA.positives +
    spreadOfDifferences(label, 0, placedA, placedB) / placedA.negatives;
  return testOf(placedA.auc, placedB.auc, Math.sqrt(variance), level);
}

/**
 * The same with entities as clusters, in the manner of Obuchowski (1997): the rows of an entity may depend on
 * each other in any way, entities are independent. Undefined where a class is missing or with one entity.
 * @param unit [rows] entity of each row, 0 .. units − 1
 */
export function clusteredDelongTest(
  label: Uint8Array,
  a: RankedRows,
  b: RankedRows,
  unit: Int32Array,
  units: number,
  level: number,
): AucTest | undefined {
  const placedA = placements(label, a);
  const placedB = placements(label, b);
  if (placedA === undefined || placedB === undefined || units < 2) return undefined;
  const ofA = aucInfluence(label, placedA, unit, units);
  const ofB = aucInfluence(label, placedB, unit, units);
  let squares = 0;
  for (let u = 0; u < units; u++) squares += (ofA[u]! - ofB[u]!) ** 2;
  return testOf(placedA.auc, placedB.auc, Math.sqrt((squares * units) / (units - 1)), level);
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

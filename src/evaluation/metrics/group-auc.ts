// Group AUC: the AUC inside each entity, averaged over entities. Its definition travels with its value.
import { type Measured, measured, undefinedBecause } from './value.js';

export const GROUP_AUC_WEIGHTS = ['events', 'positives', 'equal'] as const;
export type GroupAucWeights = (typeof GROUP_AUC_WEIGHTS)[number];

export interface GroupAuc {
  readonly result: Measured;
  readonly weights: GroupAucWeights;
  /** Entities that count. */
  readonly entities: number;
  /** Entities left out because all their labels are equal, and the rows they have. */
  readonly excludedEntities: number;
  readonly excludedRows: number;
}

const WEIGHT_TEXT: Readonly<Record<GroupAucWeights, string>> = {
  events: 'weighted by their number of rows',
  positives: 'weighted by their number of positive rows',
  equal: 'every entity counting the same',
};

/** The sentence that must stand by the number. */
export function groupAucDefinition(weights: GroupAucWeights): string {
  return (
    `Mean over entities of the AUC among the entity's own evaluated rows (a tie counts half), ${WEIGHT_TEXT[weights]}; ` +
    'entities whose rows all have one label have no AUC: they are left out, and counted.'
  );
}

/**
 * Averages entity AUCs.
 * @param aucs [units] from `groupAucs`, NaN for a unit with one class
 * @param rows [units] rows of each
 * @param weight [units] from `groupAucWeights` with the same `weights`
 */
export function groupAuc(
  aucs: Float64Array,
  rows: Float64Array,
  weight: Float64Array,
  weights: GroupAucWeights,
): GroupAuc {
  let total = 0;
  let sum = 0;
  let entities = 0;
  let excludedRows = 0;
  for (let unit = 0; unit < aucs.length; unit++) {
    if (weight[unit]! === 0) {
      excludedRows += rows[unit]!;
      continue;
    }
    entities++;
    total += weight[unit]!;
    sum += weight[unit]! * aucs[unit]!;
  }
  const result = entities > 0 ? measured(sum / total) : undefinedBecause('no entity has rows of both labels');
  return { result, weights, entities, excludedEntities: aucs.length - entities, excludedRows };
}

/** What each unit counts; 0 for those without an AUC, whose labels are all equal. [units] */
export function groupAucWeights(
  rows: Float64Array,
  positives: Float64Array,
  weights: GroupAucWeights,
): Float64Array {
  return rows.map((count, unit) => {
    const ones = positives[unit]!;
    if (ones === 0 || ones === count) return 0;
    return weights === 'events' ? count : weights === 'positives' ? ones : 1;
  });
}

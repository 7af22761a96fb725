// Group AUC: the AUC inside each entity, averaged over entities. Its definition travels with its value.
import type { GroupAucWeights } from '../config/evaluation-config.js';
import { isRenewed } from '../config/replay-config.js';
import { MOST_INSTANTS } from '../rows/entity-pairs.js';
import { once } from '../rows/once.js';
import { sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { ratioRule } from '../uncertainty/replicate-rules.js';
import { groupAucs } from './auc.js';
import { AXES, type Metric } from './metric.js';
import { type EntityCounts, groupedRows } from './metric-rows.js';
import { undefinedBecause, type Value, valued } from './value.js';

export const groupAucMetric: Metric = {
  name: 'groupAuc',
  title: 'group AUC',
  better: 'higher',
  axis: AXES.ranking,
  where: 'headline',
  definition: ({ groupAuc, replay }) =>
    `Mean over entities of the AUC among the entity's own evaluated rows (a tie counts half), ${WEIGHT_TEXT[groupAuc]}; ` +
    'entities whose rows all have one label have no AUC: they are left out, and counted.' +
    (isRenewed(replay) ? ` ${PAIRED}` : ''),
  measure: (rows) => {
    const { entities, config, moving } = rows;
    if (moving !== undefined && moving.pairAucs === undefined)
      return undefinedBecause('scores move with the past, and pairs reach over parts of the rows');
    const weight = once(entities, WEIGHTS[config.groupAuc]);
    const aucs = moving?.pairAucs ?? groupAucs(groupedRows(rows));
    const { result, ...counts } = groupAuc(aucs, entities.rows, weight);
    return {
      ...result,
      detail: {
        weights: config.groupAuc,
        ...counts,
        ...(moving === undefined
          ? {}
          : { entitiesOfAllPairs: moving.exact, entitiesOfSampledPairs: moving.sampled }),
      },
      note: `Counted: ${counted(counts.entities, 'entity', 'entities')}; left out: ${counted(counts.excludedEntities, 'entity', 'entities')} with ${counted(counts.excludedRows, 'row', 'rows')}.`,
      rule: (draws) => {
        const weighted = aucs.map((value, unit) => (weight[unit]! > 0 ? weight[unit]! * value : 0));
        return ratioRule(sumByBlock(weighted, draws), sumByBlock(weight, draws));
      },
    };
  },
};

/** What the number is where scores move. */
const PAIRED =
  'Where scores move with the past, both rows of a pair are scored with what was known at the earlier of the two; of entities ' +
  `with more than ${MOST_INSTANTS} instants, that many are drawn in proportion to their pairs.`;

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

const WEIGHT_TEXT: Readonly<Record<GroupAucWeights, string>> = {
  events: 'weighted by their number of rows',
  positives: 'weighted by their number of positive rows',
  equal: 'every entity counting the same',
};

/** What each entity counts; 0 for those without an AUC, whose labels are all equal. [units] */
const WEIGHTS: Readonly<Record<GroupAucWeights, (of: EntityCounts) => Float64Array>> = {
  events: (of) => weights(of, (rows) => rows),
  positives: (of) => weights(of, (_, positives) => positives),
  equal: (of) => weights(of, () => 1),
};

const weights = (
  { rows, positives }: EntityCounts,
  weigh: (rows: number, positives: number) => number,
): Float64Array =>
  rows.map((count, unit) => {
    const ones = positives[unit]!;
    return ones === 0 || ones === count ? 0 : weigh(count, ones);
  });

interface GroupAuc {
  readonly result: Value;
  /** Entities that count. */
  readonly entities: number;
  /** Entities left out because all their labels are equal, and the rows they have. */
  readonly excludedEntities: number;
  readonly excludedRows: number;
}

/**
 * Averages entity AUCs.
 * @param aucs [units] NaN for a unit with one class
 * @param rows [units] rows of each
 * @param weight [units] 0 for a unit with one class
 */
function groupAuc(aucs: Float64Array, rows: Float64Array, weight: Float64Array): GroupAuc {
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
  const result = entities > 0 ? valued(sum / total) : undefinedBecause('no entity has rows of both labels');
  return { result, entities, excludedEntities: aucs.length - entities, excludedRows };
}

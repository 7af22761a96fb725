// Columns that give the label away, name single rows, never change, or are encoded less well than they could be.

import { percent } from '../../amounts.js';
import type { ResolvedDescriptor } from '../../prep/descriptor/resolve.js';
import type { ColumnProfile, Measured, Suggestion } from './dataset-profile.js';

/** AUC from which one column alone is taken for a leak. */
const LEAK_AUC = 0.99;
/** Honest features of clicks stay far below. */
const SUSPECT_AUC = 0.9;
/** With fewer values nothing is said about a column. */
const FEWEST_VALUES = 20;

/** Suggestions on features and unused columns. Ids, times and labels are left alone. */
export function aboutColumns(descriptor: ResolvedDescriptor, profile: Measured): Suggestion[] {
  return [...aboutMissingWords(profile), ...aboutFeatures(descriptor, profile)];
}

/** IDs and numbers among whose values a word stands that usually means that there is none. */
function aboutMissingWords(profile: Measured): Suggestion[] {
  return profile.columns.flatMap(({ source, name, roles, missingWords }): Suggestion[] => {
    const isId = roles.includes('entity') || roles.includes('item') || roles.includes('key');
    if (missingWords.length === 0 || !isId) return [];
    const words = missingWords.map((word) => `"${word}"`).join(', ');
    return [
      {
        level: 'warning',
        code: 'MISSING_WORD',
        where: `${source}.${name}`,
        text: `${words} usually means that there is no value, and is taken for an ID: name it under "missing".`,
      },
    ];
  });
}

function aboutFeatures(descriptor: ResolvedDescriptor, profile: Measured): Suggestion[] {
  const judged = profile.columns.filter(({ roles }) => roles.includes('feature') || roles.includes('unused'));
  return judged.flatMap((column) => {
    const used = column.roles.includes('feature');
    const where = used ? `features.${column.features.join(', ')}` : `${column.source}.${column.name}`;
    const say = (level: Suggestion['level'], code: string, text: string): Suggestion => ({
      level,
      code,
      where,
      text,
    });
    if (column.auc !== null && column.auc >= LEAK_AUC)
      return [
        say(
          used ? 'warning' : 'hint',
          'LEAK',
          `"${column.name}" alone predicts the label (AUC ${column.auc.toFixed(3)}): it is an outcome of the event. ${used ? 'Remove the feature.' : 'Never make it a feature.'}`,
        ),
      ];
    if (column.auc !== null && column.auc >= SUSPECT_AUC)
      return [
        say(
          'hint',
          'SUSPECT',
          `"${column.name}" alone orders the labels with an AUC of ${column.auc.toFixed(3)}. ${used ? 'Is it known before the event?' : 'It may be an outcome of the event.'}`,
        ),
      ];
    if (!used || column.present + column.missing === 0) return [];
    if (column.present === 0)
      return [say('warning', 'ALL_MISSING', `"${column.name}" has no value in any row.`)];
    return aboutFeature(descriptor, column, say);
  });
}

function aboutFeature(
  descriptor: ResolvedDescriptor,
  column: ColumnProfile,
  say: (level: Suggestion['level'], code: string, text: string) => Suggestion,
): Suggestion[] {
  const { name, present, missing, distinct, singles } = column;
  const rows = present + missing;
  const feature = descriptor.features.find((candidate) => candidate.name === column.features[0]);
  // A pattern or a prefix makes another column of it, a list of values another still.
  const plain =
    feature !== undefined &&
    (feature.kind === 'categorical' || feature.kind === 'numeric') &&
    feature.pattern === undefined &&
    feature.prefix === undefined;
  const found: Suggestion[] = [];
  const named = plain ? idOf(descriptor, column) : undefined;
  if (named !== undefined)
    found.push(
      say(
        'warning',
        'IS_ID',
        `"${name}" names the ${named}: with this feature every model knows which it is, those meant to have no IDs too. Remove the feature; models that learn IDs read them by themselves.`,
      ),
    );
  if (distinct === 1 && feature?.kind !== 'multi')
    found.push(say('hint', 'CONSTANT', `"${name}" is "${column.frequent[0]}" wherever it has a value.`));
  if (missing > 0.95 * rows)
    found.push(
      say('hint', 'MOSTLY_MISSING', `"${name}" has no value in ${percent(missing, rows)} of the rows.`),
    );
  if (!plain || present < FEWEST_VALUES) return found;
  if (feature.kind === 'categorical' && distinct > 0.9 * present)
    found.push(
      say(
        'warning',
        'LOOKS_LIKE_ID',
        `"${name}" looks like an ID: ${distinct} values in ${present} rows. What is learned of one row never serves another.`,
      ),
    );
  else if (
    feature.kind === 'categorical' &&
    distinct > 1000 &&
    singles > distinct / 2 &&
    feature.minCount === 1
  )
    found.push(
      say(
        'hint',
        'RARE_VALUES',
        `${singles} of the ${distinct} values of "${name}" occur once; "minCount: 5" makes them unknown.`,
      ),
    );
  if (feature.kind === 'numeric' && !feature.log && feature.buckets === undefined && isSkewed(column))
    found.push(
      say(
        'hint',
        'SKEWED',
        `"${name}" reaches from ${column.min} over a median of ${column.median} to ${column.max}: "log: true" or "buckets" tame its tail.`,
      ),
    );
  return found;
}

/** Whose ID the column is; a part of an ID is none. */
function idOf(
  { columns }: ResolvedDescriptor,
  { source, name }: ColumnProfile,
): 'entity' | 'item' | undefined {
  if (source !== 'events') return undefined;
  return (['entity', 'item'] as const).find((side) => [columns[side]].flat().every((id) => id === name));
}

function isSkewed({ min, median, max }: ColumnProfile): boolean {
  return min !== null && median !== null && max !== null && min >= 0 && median > 0 && max > 100 * median;
}

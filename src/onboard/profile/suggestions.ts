// What in a profile deserves a word: warnings for what would poison an experiment, hints for what could be better.

import { percent } from '../../amounts.js';
import type { ResolvedDescriptor } from '../../prep/descriptor/resolve.js';
import type { SplitWord } from '../../prep/split-ahead.js';
import type { Measured, Suggestion } from './dataset-profile.js';
import { aboutColumns } from './suggest-columns.js';
import { aboutTime } from './suggest-time.js';

/** Warnings first, each group in the order of the descriptor. Pure. */
export function suggest(
  descriptor: ResolvedDescriptor,
  profile: Measured,
  splits: readonly SplitWord[],
): readonly Suggestion[] {
  const all = [
    ...aboutTime(descriptor, profile),
    ...aboutLabel(profile),
    ...aboutSplits(profile, splits),
    ...aboutEvents(descriptor, profile),
    ...aboutTables(descriptor, profile),
    ...aboutColumns(descriptor, profile),
  ];
  const of = (level: Suggestion['level']) => all.filter((suggestion) => suggestion.level === level);
  return [...of('warning'), ...of('hint')];
}

function aboutLabel({ labelRate, rows }: Measured): Suggestion[] {
  if (rows === 0 || labelRate === null) return [];
  const where = 'columns.label';
  if (labelRate === 0 || labelRate === 1)
    return [
      {
        level: 'warning',
        code: 'LABEL_ONE_CLASS',
        where,
        text: `Every label is ${labelRate}: there is nothing to learn. Check the threshold or the label's values.`,
      },
    ];
  if (labelRate >= 0.001 && labelRate <= 0.999) return [];
  const text = `${percent(labelRate, 1)} of the labels are clicks: metrics on few clicks (or few non-clicks) have wide intervals.`;
  return [{ level: 'hint', code: 'LABEL_RARE', where, text }];
}

/** Where all rows have one label or one time, that is said already. */
function aboutSplits({ labelRate, time }: Measured, splits: readonly SplitWord[]): Suggestion[] {
  const told = labelRate === 0 || labelRate === 1 ? 'SPLIT_ONE_CLASS' : '';
  const boundary = time?.distinct === 1 ? 'SPLIT_NO_BOUNDARY' : '';
  return splits
    .filter(({ code }) => code !== told && code !== boundary)
    .map(({ code, text }) => ({ level: 'warning', code, where: 'split', text }));
}

/** Entities that are too few to learn from, in so many rows. */
const FEW_ENTITIES = 10;
const MANY_ROWS = 1000;

function aboutEvents(descriptor: ResolvedDescriptor, profile: Measured): Suggestion[] {
  const found: Suggestion[] = [];
  const { rows, dropped, duplicates, historyLengths } = profile;
  const bad = dropped['bad rows'] ?? 0;
  if (bad > 0)
    found.push({
      level: 'warning',
      code: 'BAD_ROWS',
      where: 'events',
      text:
        rows === 0
          ? `No row is left: ${bad} cannot be read. The descriptor does not say how this log is written.`
          : `${bad} rows cannot be read and would stop prep. Correct them, or leave them out with --on-error reject.`,
    });
  if (duplicates > 0 && descriptor.duplicates === 'error')
    found.push({
      level: 'warning',
      code: 'DUPLICATE_EVENTS',
      where: 'duplicates',
      text: `${duplicates} events repeat another in entity, item, time and label; prep stops where copies lie in different splits. "duplicates: drop" keeps the first of each.`,
    });
  if (profile.entities < FEW_ENTITIES && rows >= MANY_ROWS)
    found.push({
      level: 'warning',
      code: 'FEW_ENTITIES',
      where: 'columns.entity',
      text: `Only ${profile.entities} entities in ${rows} events: there is nothing to personalise. Is this the right entity?`,
    });
  if (rows > 0 && historyLengths.median < 3)
    found.push({
      level: 'hint',
      code: 'SHORT_HISTORIES',
      where: 'columns.entity',
      text: `Half of the entities have ${historyLengths.median} event(s) or fewer: there is little to adapt on. Is this the right entity?`,
    });
  if (rows > 0 && profile.items > rows / 2)
    found.push({
      level: 'hint',
      code: 'ITEM_LIKE_ID',
      where: 'columns.item',
      text: `${profile.items} items in ${rows} events: most are seen once. A coarser item (a group, a category) can be learned.`,
    });
  return found;
}

function aboutTables(descriptor: ResolvedDescriptor, profile: Measured): Suggestion[] {
  const found: Suggestion[] = [];
  for (const table of profile.tables) {
    const where = `tables.${table.name}`;
    if (table.repeatedKeys > 0 && descriptor.tables[table.name]?.duplicates === 'error')
      found.push({
        level: 'warning',
        code: 'REPEATED_KEYS',
        where,
        text: `${table.repeatedKeys} keys occur more than once, which stops prep. Set "duplicates: first" or "last".`,
      });
    if (profile.rows > 0 && table.unmatchedEvents === profile.rows)
      found.push({
        level: 'warning',
        code: 'TABLE_UNMATCHED',
        where,
        text: `No event finds a row here: "key" or "on" is wrong, or the ids are written differently.`,
      });
    else if (table.unmatchedEvents > 0)
      found.push({
        level: 'hint',
        code: 'TABLE_INCOMPLETE',
        where,
        text: `${percent(table.unmatchedEvents, profile.rows)} of the events find no row here; their features become unknown.`,
      });
    if (!profile.columns.some((column) => column.source === table.name && column.features.length > 0))
      found.push({ level: 'hint', code: 'TABLE_UNUSED', where, text: 'No feature reads this table.' });
  }
  return found;
}

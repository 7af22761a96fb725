// Times that are in another unit than declared, or too coarse to tell before from after.

import { percent } from '../../amounts.js';
import type { ResolvedDescriptor } from '../../prep/descriptor/resolve.js';
import { plausibleUnit, UNIT_WORDS } from '../sniff/time-values.js';
import type { Measured, Suggestion } from './dataset-profile.js';

const WHERE = 'columns.timestamp';

/** Suggestions on the clock of the log. Rejected rows are judged too: a wrong unit rejects every one. */
export function aboutTime(descriptor: ResolvedDescriptor, profile: Measured): Suggestion[] {
  const { timestamp } = descriptor.columns;
  if ('sourceOrder' in timestamp)
    return [
      {
        level: 'hint',
        code: 'NO_CLOCK',
        where: WHERE,
        text: 'The order of rows stands for time: no leak over time can be ruled out, and no feature of the clock is possible.',
      },
    ];
  const unit = wrongUnit(timestamp, profile);
  if (unit !== undefined) return [unit];
  const { time, rows } = profile;
  if (time === null) return [];
  if (time.distinct === 1)
    return [
      {
        level: 'warning',
        code: 'TIME_CONSTANT',
        where: WHERE,
        text: 'Every event has the same time: it cannot be split by time.',
      },
    ];
  const found: Suggestion[] = [];
  if (Date.parse(time.from) < Date.UTC(1971, 0, 1))
    found.push({
      level: 'hint',
      code: 'TIME_1970',
      where: WHERE,
      text: `Times begin on ${time.from.slice(0, 10)}: right for times counted from the first event, wrong for a date.`,
    });
  if (time.tied > rows * 0.2)
    found.push({
      level: 'hint',
      code: 'TIME_TIES',
      where: WHERE,
      text: `${percent(time.tied, rows)} of the events share their instant with another of the same entity; a split never separates those.`,
    });
  return found;
}

type Clock = Extract<ResolvedDescriptor['columns']['timestamp'], { column: string }>;

function wrongUnit(clock: Clock, profile: Measured): Suggestion | undefined {
  const { column, unit } = clock;
  if (unit === 'iso' || unit === 'format') return undefined;
  const typical =
    profile.columns.find(({ source, name }) => source === 'events' && name === column)?.median ??
    rejectedTime(profile, column);
  const likely = typical === undefined ? undefined : plausibleUnit(typical);
  if (likely === undefined || likely === unit) return undefined;
  return {
    level: 'warning',
    code: 'TIME_UNIT',
    where: WHERE,
    text: `"${column}" is declared in ${UNIT_WORDS[unit]}, but values such as ${typical} look like ${UNIT_WORDS[likely]}: set "unit: ${likely}".`,
  };
}

/** A value of the time column among the rejected rows. */
function rejectedTime(profile: Measured, column: string): number | undefined {
  const line = profile.rejects.find((reject) => reject.includes(` column "${column}": `));
  const value = Number(line?.match(/: "([^"]*)" is /)?.[1] ?? Number.NaN);
  return Number.isNaN(value) ? undefined : value;
}

// How times are written: one SQL for prep, for new events and for the guess of `limaml init`.
import { quoted } from '../../database/sql.js';
import type { TimestampDescriptor } from '../descriptor/columns.js';

export type TimeUnit = Extract<TimestampDescriptor, { column: string }>['unit'];
/** Units of numbers since 1970. */
type CountedUnit = Exclude<TimeUnit, 'iso' | 'format'>;

/** Times outside 1900 to 2200 are taken for a wrong unit. */
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);
export const IN_RANGE = `BETWEEN ${EARLIEST_MS} AND ${LATEST_MS}`;

/**
 * What the database does not take for a time although ISO 8601 or a habit has it so, rewritten step by step: dates and times without
 * marks, small letters, no seconds or minutes, a comma before the fraction, a space before the zone.
 */
const REWRITTEN: readonly (readonly [pattern: string, by: string])[] = [
  ['^(\\d[\\d/-]{7,9})t(\\d)', '\\1T\\2'],
  ['(\\d)z$', '\\1Z'],
  ['^(\\d{4})(\\d\\d)(\\d\\d)([T ]|$)', '\\1-\\2-\\3\\4'],
  ['^(\\S{10})[T ]+(\\d\\d)(\\d\\d)(\\d\\d)', '\\1 \\2:\\3:\\4'],
  ['^(\\S{10})[T ]+(\\d\\d)(\\d\\d)([^:\\d]|$)', '\\1 \\2:\\3:00\\4'],
  ['^(\\S{10})[T ]+(\\d\\d)([^:\\d]|$)', '\\1 \\2:00:00\\3'],
  ['^(\\S{10})[T ]+(\\d\\d:\\d\\d)([^:\\d]|$)', '\\1 \\2:00\\3'],
  ['(:\\d\\d),(\\d+)', '\\1.\\2'],
  ['(:\\d\\d(?:\\.\\d+)?)\\s+([+-]\\d|[zZ]$)', '\\1\\2'],
];

/** Milliseconds of a text by ISO 8601, without a zone in UTC; NULL for what is no such time. */
function isoMs(text: string): string {
  const rewritten = REWRITTEN.reduce(
    (sql, [pattern, by]) => `regexp_replace(${sql}, ${quoted(pattern)}, ${quoted(by)})`,
    text,
  );
  const cast = (sql: string): string => `TRY_CAST(${sql} AS TIMESTAMPTZ)`;
  // The word "epoch" is a time to the database. A fraction of an hour or a minute is read by it as one of a second.
  const isOther = `${text} < ':' AND NOT regexp_matches(${text}, '[Tt ]\\d\\d(:?\\d\\d)?[.,]\\d') AND ${knownZone(text)}`;
  return `CASE WHEN ${USUAL.map((form) => `${text} LIKE ${quoted(form)}`).join(' OR ')} THEN epoch_ms(${cast(text)})
    WHEN ${isOther} THEN epoch_ms(coalesce(${cast(text)}, ${cast(rewritten)})) END`;
}

/** A difference to UTC that some place on earth has. */
const OFFSET = '[+-](0\\d|1[0-4])(:?[0-5]\\d(:?\\d\\d)?)?';
/** Forms that most logs have, which need no further look. */
const USUAL = [
  '____-__-__T__:__:__Z',
  '____-__-__ __:__:__',
  '____-__-__T__:__:__',
  '____-__-__ __:__:__+00:00',
];
/** Words for UTC, and places by the zone database. */
const ZONE_WORD = '(?i)(^|[^a-z])(UTC|UT|GMT|Z|[a-z_]+(/[a-z0-9_+-]+)+)';

/**
 * Condition under which a zone at the end of a text means one thing everywhere: none, UTC, an offset, or a place of the zone database.
 * The database has abbreviations too, but IST is of India, Israel and Ireland, and it takes BST for the time of Bangladesh.
 */
const knownZone = (text: string): string =>
  `CASE WHEN regexp_matches(${text}, '[A-Za-z]$') THEN regexp_matches(${text}, ${quoted(`${ZONE_WORD}$`)})
    WHEN regexp_matches(${text}, ':.*[+-]\\d\\d') THEN regexp_matches(${text}, ${quoted(`(${OFFSET}|/[A-Za-z]+[+-]\\d+)$`)}) ELSE true END`;

/** Milliseconds of a text by `unit: iso` or a strptime pattern; NULL for what is no such time. */
export function writtenMs(text: string, unit: 'iso' | 'format', format: string | undefined): string {
  if (unit === 'iso') return isoMs(text);
  const ms = `epoch_ms(try_strptime(${text}, ${quoted(format ?? '')}))`;
  const isKnown = `regexp_matches(${text}, ${quoted(`${ZONE_WORD}([^a-z]|$)`)})`;
  return format?.includes('%Z') ? `CASE WHEN ${isKnown} THEN ${ms} END` : ms;
}

/** Milliseconds of a number since 1970, given as text and as DOUBLE: nanoseconds have more digits than a DOUBLE. */
export function countedMs(text: string, number: string, unit: CountedUnit): string {
  const ms = {
    s: `round(${number} * 1000)`,
    ms: `round(${number})`,
    us: `floor(${number} / 1000)`,
    ns: `coalesce(TRY_CAST(CAST(${text} AS VARCHAR) AS BIGINT) // 1000000, floor(${number} / 1000000))`,
  }[unit];
  return `TRY_CAST(${ms} AS BIGINT)`;
}

/** What a wrong time is not, in words. */
export function timeWords(unit: TimeUnit, format?: string): string {
  const unitWords = {
    s: 'a number of seconds since 1970',
    ms: 'a number of milliseconds since 1970',
    us: 'a number of microseconds since 1970',
    ns: 'a number of nanoseconds since 1970',
    iso: 'an ISO date or time',
    format: `a time of the form ${format}`,
  }[unit];
  return `not ${unitWords} between the years 1900 and 2200`;
}

const DATES = [
  '%m/%d/%Y',
  '%d/%m/%Y',
  '%m/%d/%y',
  '%d/%m/%y',
  '%y/%m/%d',
  '%m-%d-%Y',
  '%d-%m-%Y',
  '%m-%d-%y',
  '%d-%m-%y',
  '%y-%m-%d',
  '%m.%d.%Y',
  '%d.%m.%Y',
  '%d.%m.%y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%d %b %Y',
  '%d/%b/%Y',
  '%b %d, %Y',
  '%B %d, %Y',
  '%d %B %Y',
] as const;
const CLOCKS = [
  '',
  ' %H:%M',
  ' %H:%M:%S',
  ' %H:%M:%S.%f',
  ' %I:%M %p',
  ' %I:%M:%S %p',
  ' %I:%M:%S.%f %p',
  ':%H:%M:%S',
] as const;
const ZONES = ['', ' %z', '%z', ' %Z'] as const;
const WHOLE_FORMS = [
  '%Y%m%d%H%M%S',
  '%Y%m%d%H%M%S%g',
  '%Y%m%d%H%M',
  '%Y%m%d%H',
  '%Y%m%d',
  '%y%m%d%H',
  '%a %b %d %H:%M:%S %Y',
  '%a %b %d %H:%M:%S %Z %Y',
  '%a %b %d %H:%M:%S %z %Y',
  '%a, %d %b %Y %H:%M:%S',
  '%a, %d %b %Y %H:%M:%S %z',
  '%a, %d %b %Y %H:%M:%S %Z',
] as const;

/** strptime patterns that a time of unknown form is tried with. */
export const KNOWN_FORMATS: readonly string[] = [
  ...WHOLE_FORMS,
  ...DATES.flatMap((date) =>
    CLOCKS.flatMap((clock) =>
      ZONES.filter((zone) => clock !== '' || zone === '').map((zone) => `${date}${clock}${zone}`),
    ),
  ),
];

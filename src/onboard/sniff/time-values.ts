// Which unit a column of times is in, judged by what years its numbers would lie in.

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

const UNITS = [
  ['s', 1],
  ['ms', 1e3],
  ['us', 1e6],
  ['ns', 1e9],
] as const;
/** Logs of clicks lie between these: 1995 and 2100. */
const EARLIEST_S = Date.UTC(1995, 0, 1) / 1000;
const LATEST_S = Date.UTC(2100, 0, 1) / 1000;

/** The unit in which a number since 1970 lies between 1995 and 2100; undefined where there is none. */
export function plausibleUnit(value: number): TimeUnit | undefined {
  return UNITS.find(([, perSecond]) => value >= EARLIEST_S * perSecond && value < LATEST_S * perSecond)?.[0];
}

/** What the units are called. */
export const UNIT_WORDS: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};

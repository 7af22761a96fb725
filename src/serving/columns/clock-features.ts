// Parts of the clock from a row's time, for rows that bring the time and not the part.

import type { RawInput } from '../../bundle/format/raw-input.js';
import { UserError } from '../../errors.js';
import type { TimestampDescriptor } from '../../prep/descriptor/columns.js';
import type { FeatureOf } from '../../prep/descriptor/features.js';
import type { LoggedDescriptor } from '../../prep/descriptor/logged.js';
import type { RawColumn } from '../../prepared/raw-column.js';
import { type CsvRow, INPUT_NAME } from './csv-rows.js';

type Unit = Extract<TimestampDescriptor, { column: string }>['unit'];

/** Column that is in milliseconds whatever the log's own unit. */
const OWN_TIME = 'timestamp_ms';

export interface ClockFeature {
  readonly input: RawInput;
  readonly feature: FeatureOf<'time'>;
  /** Where the time stands in the header. */
  readonly place: number;
  readonly unit: Unit;
}

/** How a feature of the clock is had from the time of the rows: the log's column, or `timestamp_ms`. Undefined for other features. */
export function clockFeature(
  input: RawInput,
  header: readonly string[],
  { features, columns }: LoggedDescriptor,
): ClockFeature | undefined {
  const feature = features?.find(({ name }) => name === input.name);
  if (feature?.kind !== 'time') return undefined;
  const logged = columns === undefined || !('column' in columns.timestamp) ? undefined : columns.timestamp;
  const at = logged === undefined ? -1 : header.indexOf(logged.column);
  // A pattern of its own would need the database's reader.
  if (logged !== undefined && at >= 0 && logged.unit !== 'format')
    return { input, feature, place: at, unit: logged.unit };
  const own = header.indexOf(OWN_TIME);
  return own < 0 ? undefined : { input, feature, place: own, unit: 'ms' };
}

/** The values of a feature of the clock. Throws UserError ROWS_BAD_TIME; a missing time is a missing value. */
export function clockValues(
  clock: ClockFeature,
  header: readonly string[],
  rows: readonly CsvRow[],
): RawColumn {
  const { feature, place, unit } = clock;
  return {
    kind: 'text',
    values: rows.map(({ fields, line }) => {
      const cell = fields[place]!.trim();
      if (cell === '') return '';
      const ms = milliseconds(cell, unit);
      if (Number.isFinite(ms)) return String(partOf(ms + feature.utcOffsetMinutes * 60_000, feature.part));
      throw new UserError({
        code: 'ROWS_BAD_TIME',
        where: `${INPUT_NAME}:${line} › ${header[place]}`,
        what: `"${cell.slice(0, 100)}" is no time (${unit === 'iso' ? 'ISO date or time' : `number in ${unit} since 1970`}), from which "${feature.name}" is made.`,
        next: `Mend the value, leave it empty where it is not known, or add a column "${feature.name}".`,
      });
    }),
  };
}

function milliseconds(cell: string, unit: Unit): number {
  if (unit === 'iso') {
    // Without a zone it is UTC, as for prep.
    const plain = cell.replace(' ', 'T');
    return Date.parse(/T/.test(plain) && !/([zZ]|[+-]\d\d:?\d\d)$/.test(plain) ? `${plain}Z` : plain);
  }
  const value = Number(cell);
  return unit === 's'
    ? Math.round(value * 1000)
    : unit === 'us'
      ? Math.floor(value / 1000)
      : unit === 'ns'
        ? Math.floor(value / 1e6)
        : Math.round(value);
}

/** Hours from 0, days from Monday as 1, months from 1: as prep counts them. */
function partOf(ms: number, part: FeatureOf<'time'>['part']): number {
  const date = new Date(ms);
  const hour = date.getUTCHours();
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  return { hour, weekday, hour_of_week: (weekday - 1) * 24 + hour, month: date.getUTCMonth() + 1 }[part];
}

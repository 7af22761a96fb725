// Which columns hold times, and how they are written: tried with the very SQL that prep reads times by.
import type { Database } from '../../database/database.js';
import { quoted } from '../../database/sql.js';
import { isMissingWord } from '../../prep/load/missing-words.js';
import { KNOWN_FORMATS, writtenMs } from '../../prep/load/times.js';
import { plausibleUnit, type TimeUnit } from './time-values.js';

export type TimeReading = (
  | { readonly unit: TimeUnit | 'iso' }
  | { readonly unit: 'format'; readonly format: string }
) & {
  /** Another pattern that reads every value too, as another time: a person must say which. */
  readonly ambiguous?: string;
  /** Values that are no such time, one of them as an example. */
  readonly exceptions: number;
  readonly example: string | undefined;
};

type Form = { readonly unit: 'iso' } | { readonly unit: 'format'; readonly format: string };

/** Values that a form is first tried with. */
const FEW = 5;
const SOME = 200;
/** Longest text that is tried. */
const LONGEST = 40;
const EARLIEST_MS = Date.UTC(1995, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
const FORMS: readonly Form[] = [
  { unit: 'iso' },
  ...KNOWN_FORMATS.map((format) => ({ unit: 'format', format }) as const),
];

/** A few values in a thousand may be bad without the rest being something else. */
export const isNearlyAll = (good: number, all: number): boolean =>
  all > 0 && (good === all || (all >= 20 && all - good <= Math.max(1, all * 0.02)));

/** Readings by the place of the column. */
export async function readTimes(
  database: Database,
  rows: readonly (readonly string[])[],
  width: number,
): Promise<ReadonlyMap<number, TimeReading>> {
  const readings = new Map<number, TimeReading>();
  for (let column = 0; column < width; column++) {
    const values = rows.map((row) => row[column]!).filter((value) => value !== '' && !isMissingWord(value));
    const reading = counted(values) ?? (await written(database, values));
    if (reading !== undefined) readings.set(column, reading);
  }
  return readings;
}

/** Numbers since 1970. */
function counted(values: readonly string[]): TimeReading | undefined {
  const units = new Map<TimeUnit, number>();
  for (const value of values) {
    const unit = plausibleUnit(Number(value));
    if (unit !== undefined) units.set(unit, (units.get(unit) ?? 0) + 1);
  }
  const [best] = [...units].sort(([, one], [, other]) => other - one);
  if (best === undefined || !isNearlyAll(best[1], values.length)) return undefined;
  const [unit, n] = best;
  const example = values.find((value) => plausibleUnit(Number(value)) !== unit);
  return { unit, exceptions: values.length - n, example };
}

async function written(database: Database, values: readonly string[]): Promise<TimeReading | undefined> {
  const distinct = [...new Set(values)];
  const likely = distinct.filter(
    (value) => value.length <= LONGEST && /\d/.test(value) && !isNumberOnly(value),
  );
  if (!isNearlyAll(likely.length, distinct.length)) return undefined;
  // Shapes leave a handful of forms; the database has the word on each.
  const few = spread(likely, FEW);
  let forms = FORMS.filter(
    (form) => few.filter((value) => hasShape(form, value)).length >= Math.max(1, few.length - 1),
  );
  if (forms.length === 0) return undefined;
  const some = spread(likely, SOME);
  const found = await readable(database, some, forms);
  forms = forms.filter((_, index) => found[index]! > 0 && found[index]! >= 0.98 * some.length - 1);
  if (forms.length === 0) return undefined;
  const counts = await readable(database, values, forms);
  const good = forms.filter((_, index) => isNearlyAll(counts[index]!, values.length));
  const most = Math.max(...counts);
  const [best, ...others] = good.filter((form) => counts[forms.indexOf(form)] === most);
  if (best === undefined) return undefined;
  const other = await differing(database, values, best, others);
  const example = most === values.length ? undefined : await unread(database, distinct, best);
  return {
    ...best,
    exceptions: values.length - most,
    example,
    ...(other === undefined ? {} : { ambiguous: other }),
  };
}

/** Short numbers and fractions are no dates, whatever a pattern makes of them; long whole ones may be. */
const isNumberOnly = (value: string): boolean =>
  /^[+-]?\d+[.,]\d+$/.test(value) ||
  (/^[+-]?\d+$/.test(value) && !/^\d{8}$|^\d{10}$|^\d{12}$|^\d{14}$|^\d{17}$/.test(value));

/** What the parts of a pattern look like. */
const SHAPES: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]{3,}',
  a: '[A-Za-z]{3}',
  p: '[AaPp][Mm]',
  f: '\\d+',
  g: '\\d{3}',
  z: '[+-]\\d\\d:?\\d{0,2}',
  Z: '[A-Za-z_/+-]{1,}[\\w/+-]*',
};
const ISO_SHAPE = /^\d{4}([-/]\d{1,2}[-/]\d{1,2}|\d{4})([Tt ]|$)/;
const shapes = new Map<string, RegExp>();

/** Whether a value has digits and marks where a form has them. */
function hasShape(form: Form, value: string): boolean {
  if (form.unit === 'iso') return ISO_SHAPE.test(value);
  let shape = shapes.get(form.format);
  if (shape === undefined) {
    // Numbers stand with one digit or two, except where nothing parts them.
    const digits = /%.%/.test(form.format.slice(0, 4)) ? '\\d{2}' : '\\d{1,2}';
    const source = form.format
      .replace(/[.,]/g, '\\$&')
      .replace(/ /g, '\\s+')
      .replace(/%(.)/g, (_, part: string) => SHAPES[part] ?? digits);
    shape = new RegExp(`^${source}$`);
    shapes.set(form.format, shape);
  }
  return shape.test(value);
}

function spread(values: readonly string[], n: number): readonly string[] {
  const stride = Math.max(1, Math.floor(values.length / n));
  return values.filter((_, index) => index % stride === 0).slice(0, n);
}

/** A time from 1995 to 2100, where logs of clicks lie; NULL for anything else. */
function msOf(form: Form): string {
  const ms = writtenMs('t', form.unit, form.unit === 'format' ? form.format : undefined);
  return `nullif(greatest(least(coalesce(${ms}, 0), ${LATEST_MS}), ${EARLIEST_MS}), ${EARLIEST_MS})`;
}

const relation = (values: readonly string[]): string =>
  `(SELECT unnest([${values.map(quoted).join(', ')}]) AS t)`;

/** How many of the values each form reads. */
async function readable(
  database: Database,
  values: readonly string[],
  forms: readonly Form[],
): Promise<readonly number[]> {
  const counts = forms.map((form, index) => `count(${msOf(form)}) AS n${index}`);
  const row = await database.numbers(`SELECT ${counts.join(', ')} FROM ${relation(values)}`);
  return forms.map((_, index) => row[`n${index}`] ?? 0);
}

/** The first of `others` that reads some value as another time than `best`. */
async function differing(
  database: Database,
  values: readonly string[],
  best: Form,
  others: readonly Form[],
): Promise<string | undefined> {
  for (const other of others) {
    const { n = 0 } = await database.numbers(
      `SELECT count(*) AS n FROM ${relation(values)} WHERE ${msOf(best)} <> ${msOf(other)}`,
    );
    if (n > 0) return other.unit === 'format' ? other.format : 'iso';
  }
  return undefined;
}

async function unread(
  database: Database,
  values: readonly string[],
  form: Form,
): Promise<string | undefined> {
  const [row] = await database.rows(
    `SELECT t FROM ${relation(values)} WHERE (${msOf(form)}) IS NULL LIMIT 1`,
  );
  return row === undefined ? undefined : String(row['t']);
}

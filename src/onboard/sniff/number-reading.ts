// Whether the values of a column are numbers, and how people wrote them.
import { type WrittenNumber, writtenPattern } from '../../prep/load/numbers.js';
import { isNearlyAll } from './read-times.js';

export interface NumberReading {
  /** Marks of thousands and decimals, currency; undefined where numbers are plain. */
  readonly written: WrittenNumber | undefined;
  /** As many as there are values; NaN for those that are no number. */
  readonly numbers: readonly number[];
  readonly exceptions: number;
  readonly example: string | undefined;
  /** `1,234` alone may be 1234 or 1.234: a person must say which. */
  readonly ambiguous: boolean;
}

const PLAIN: WrittenNumber = { decimal: '.' };
/** Tried in this order; of two that read as many values the first counts. */
const MARKS: readonly WrittenNumber[] = [
  PLAIN,
  { decimal: '.', thousands: ',' },
  { decimal: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: ',', thousands: ' ' },
  { decimal: ',', thousands: '\u00a0' },
  { decimal: ',', thousands: '\u202f' },
  { decimal: '.', thousands: "'" },
  { decimal: '.', thousands: '’' },
];
const CURRENCY = /^[+-]?\s*(\p{Sc}|[A-Z]{3}|R\$)\s*[+-]?\d|\d\s*(\p{Sc}|%|[A-Z]{3}|kr|zł)$/u;

/** Undefined where the values are nearly all no numbers. */
export function readNumbers(values: readonly string[]): NumberReading | undefined {
  const plain = reading(values, undefined, plainOf);
  if (plain.exceptions === 0 && values.length > 0) return plain;
  const currency = mostFrequent(
    values.flatMap((value) => CURRENCY.exec(value)?.slice(1).filter(Boolean) ?? []),
  );
  const forms = MARKS.map((marks) => (currency === undefined ? marks : { ...marks, currency })).filter(
    (form) => form.thousands !== undefined || form.decimal !== '.' || currency !== undefined,
  );
  const tried = forms.map((form) => reading(values, form, parserOf(form)));
  const best = [plain, ...tried].reduce((one, other) => (other.exceptions < one.exceptions ? other : one));
  if (!isNearlyAll(values.length - best.exceptions, values.length)) return undefined;
  const rivals = tried.filter(
    (one) =>
      one.exceptions === best.exceptions &&
      one.numbers.some((number, at) => !Object.is(number, best.numbers[at])),
  );
  return { ...best, ambiguous: rivals.length > 0 && best.written !== undefined };
}

function reading(
  values: readonly string[],
  written: WrittenNumber | undefined,
  parse: (value: string) => number,
): NumberReading {
  const numbers = values.map(parse);
  const bad = numbers.flatMap((number, at) => (Number.isNaN(number) ? [values[at]!] : []));
  return { written, numbers, exceptions: bad.length, example: bad[0], ambiguous: false };
}

function plainOf(value: string): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}

function parserOf(form: WrittenNumber): (value: string) => number {
  const whole = new RegExp(`^(?:${writtenPattern(form)})$`, 'u');
  const { decimal, thousands = '', currency = '' } = form;
  return (value) => {
    if (!whole.test(value)) return Number.NaN;
    const bare = value
      .replaceAll(currency, '')
      .replaceAll(thousands, '')
      .replace(/\s/g, '')
      .replace(decimal, '.');
    return Number(bare);
  };
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

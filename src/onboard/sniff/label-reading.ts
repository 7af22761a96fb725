// How the values of a column tell a click from none: 0 and 1, words, signs, or a scale.
import type { ColumnFacts } from './column-facts.js';
import { isNearlyAll } from './read-times.js';

export interface LabelReading {
  readonly label:
    | { readonly kind: 'binary' }
    | { readonly kind: 'values'; readonly positive: readonly string[]; readonly negative: readonly string[] }
    | { readonly kind: 'threshold'; readonly threshold: number; readonly range: readonly [number, number] };
  /** Values that are no label, one of them as an example. */
  readonly exceptions: number;
  readonly example: string | undefined;
  /** Every value says the same. */
  readonly oneClass: boolean;
}

/** What the kind `binary` reads by itself, in lower case. */
const BINARY_ONES = ['1', 'true'];
const BINARY_ZEROS = ['0', 'false'];

const YES = [
  'yes',
  'y',
  't',
  'on',
  'ja',
  'si',
  'oui',
  'click',
  'clicked',
  'clk',
  'like',
  'liked',
  'positive',
  'pos',
  'purchase',
  'purchased',
  'bought',
  'buy',
  'converted',
  'conversion',
  'convert',
  'ordered',
  'order',
  'success',
  'engaged',
  'accepted',
  'opened',
  'open',
  'played',
  'watched',
  'up',
  'good',
  '+',
  '+1',
  'hit',
];
const NO = [
  'no',
  'n',
  'f',
  'off',
  'nein',
  'non',
  'impression',
  'impressions',
  'imp',
  'impr',
  'view',
  'viewed',
  'shown',
  'show',
  'seen',
  'exposure',
  'exposed',
  'served',
  'display',
  'displayed',
  'negative',
  'neg',
  'ignored',
  'ignore',
  'skip',
  'skipped',
  'dislike',
  'disliked',
  'not_clicked',
  'noclick',
  'no_click',
  'no click',
  'not clicked',
  'non-click',
  'nonclick',
  'unclicked',
  'failure',
  'rejected',
  'unopened',
  'not opened',
  'down',
  'bad',
  '-',
  '-1',
  'miss',
];

/** Words that say of clicks and impressions what they are under any name of a column. */
const OF_CLICKS =
  /^(cli?c?k|click(ed)?|purchased?|bought|conver(t|ted|sion)|impr?(ession)?s?|view(ed)?|exposed|exposure|not?[ _-]?(click(ed)?)|nonclick|unclicked)$/i;

/** Whether both labels are words of clicks and impressions. */
export const isOfClicks = ({ label, oneClass }: LabelReading): boolean =>
  !oneClass &&
  label.kind === 'values' &&
  [label.positive, label.negative].every((texts) => texts.some((text) => OF_CLICKS.test(text)));

/** Whether it is two sides, not a scale, and both occur. */
export const isYesOrNo = (reading: LabelReading | undefined): boolean =>
  reading !== undefined && !reading.oneClass && reading.label.kind !== 'threshold';

/** Undefined where nothing says what a click is: words of neither list, or a number of more than a scale. */
export function readLabel(column: ColumnFacts): LabelReading | undefined {
  const counts = new Map<string, number>();
  for (const value of column.values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const lower = (text: string): string => text.toLowerCase().replace(/^([01])\.0*$/, '$1');
  const side = (ones: readonly string[], zeros: readonly string[]) => {
    const positive = [...counts.keys()].filter((text) => ones.includes(lower(text)));
    const negative = [...counts.keys()].filter((text) => zeros.includes(lower(text)));
    const sum = (texts: readonly string[]): number => texts.reduce((n, text) => n + counts.get(text)!, 0);
    return { positive, negative, good: sum(positive) + sum(negative) };
  };
  const all = column.values.length;
  const finish = (
    label: LabelReading['label'],
    texts: readonly string[],
    good: number,
    oneClass: boolean,
  ): LabelReading => ({
    label,
    exceptions: all - good,
    example: column.values.find((value) => !texts.includes(value)),
    oneClass,
  });

  const binary = side(BINARY_ONES, BINARY_ZEROS);
  if (isNearlyAll(binary.good, all))
    return finish(
      { kind: 'binary' },
      [...binary.positive, ...binary.negative],
      binary.good,
      binary.positive.length === 0 || binary.negative.length === 0,
    );
  const words = side([...YES, '1', 'true'], [...NO, '0', 'false']);
  if (isNearlyAll(words.good, all) && words.positive.length > 0) {
    const { positive, negative, good } = words;
    return finish(
      { kind: 'values', positive, negative },
      [...positive, ...negative],
      good,
      negative.length === 0,
    );
  }
  return scale(column);
}

/** A scale of at most eleven steps, or twenty with halves, from its least to its best: its upper quarter are clicks. */
function scale(column: ColumnFacts): LabelReading | undefined {
  const { number, min, max } = column;
  if (number === undefined || number.written !== undefined || min < 0 || max > 10) return undefined;
  const steps = new Set(number.numbers.filter((value) => !Number.isNaN(value)));
  if (steps.size < 2 || steps.size > 21) return undefined;
  const top = max <= 5 ? 5 : 10;
  // A scale of which nothing reaches the upper quarter, or all, is another scale.
  if (max < 0.8 * top || min >= 0.8 * top) return undefined;
  return {
    label: { kind: 'threshold', threshold: 0.8 * top, range: [Math.min(min, 1), top] },
    exceptions: number.exceptions,
    example: number.example,
    oneClass: false,
  };
}

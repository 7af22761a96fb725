// The updating line: name, bar, share, time left, then as many figures as there is room for.
import { duration } from '../../amounts.js';
import { count } from './number.js';
import { type Pace, paceText, type Step } from './pace.js';
import { widthOf } from './width.js';

export type Figures = Readonly<Record<string, number | string>>;

const BAR_CELLS = 20;
const NARROW = 80;

/** What a step says, in at most `columns` columns: what does not fit is left out, figures before the time. */
export function stepLine(step: Step, stage: string, pace: Pace, figures: Figures, columns: number): string {
  const cells = columns < NARROW ? BAR_CELLS / 2 : BAR_CELLS;
  const filled = Math.round(pace.share * cells);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(cells - filled)}`;
  const percent = `${Math.floor(100 * pace.share)} %`;
  const counted = `${count(Math.floor(step.done))}/${count(step.total)} ${step.unit}`;
  const shown = { ...figures, ...step.figures };
  return filling(
    [
      `  ${fitted(stage, Math.floor(columns / 2))} ${bar} ${percent.padStart(5)}`,
      paceText(pace),
      ...Object.entries(shown).map(([name, value]) => figuresText({ [name]: value })),
      counted,
    ],
    columns,
  );
}

/** A stage that has said nothing yet but that it began. */
export const waitingLine = (stage: string, seconds: number, columns: number): string =>
  filling([`  ${fitted(stage, Math.floor(columns / 2))}`, duration(seconds)], columns);

/** `loss 0.5312  AUC 0.7911  tasks/s 14,200`: small numbers with four decimals, large ones whole. */
export function figuresText(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : figure(value)}`)
    .join('  ');
}

/** Parts with two spaces between, each that there is still room for. */
function filling([first = '', ...parts]: readonly string[], columns: number): string {
  let line = first;
  for (const part of parts) if (widthOf(line) + 2 + widthOf(part) <= columns) line += `  ${part}`;
  return line;
}

/** A text of at most `columns` columns, cut where it is longer. */
function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? count(Math.round(value)) : value.toFixed(4);
}

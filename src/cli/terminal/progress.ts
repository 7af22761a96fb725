// Progress on standard error: one updating line on a terminal, a line an epoch elsewhere.

import { duration } from '../../amounts.js';
import { printableTree } from '../../printable.js';
import type { Progress, ProgressEvent } from '../../progress.js';
import type { Host } from './host.js';
import { count } from './number.js';
import { coloursFor, styleFor } from './style.js';

const BAR_CELLS = 20;
/** A terminal line is redrawn at most this often, in milliseconds. */
const REDRAW_MS = 80;

type Figures = Readonly<Record<string, number | string>>;

/** Renders events; `close` clears the updating line, so that results and errors start on a clean one. */
export function progressRenderer({ stderr, env, now }: Host): {
  readonly progress: Progress;
  readonly close: () => void;
} {
  const { chalk } = styleFor(stderr, coloursFor(stderr, env));
  const live = stderr.isTTY === true && env['TERM'] !== 'dumb' && env['CI'] === undefined;
  let stage = { name: '', startedMs: now().getTime() };
  let epochFigures: Figures = {};
  let drawnMs = 0;
  let dirty = false;

  const clear = (): void => {
    if (dirty) stderr.write('\r\x1b[2K');
    dirty = false;
  };
  const line = (text: string): void => {
    clear();
    stderr.write(`${text}\n`);
  };
  const draw = (event: Extract<ProgressEvent, { kind: 'step' }>): void => {
    const ms = now().getTime();
    if (!live || (ms - drawnMs < REDRAW_MS && event.done < event.total)) return;
    drawnMs = ms;
    const text = stepText(event, stage.name, (ms - stage.startedMs) / 1000, epochFigures);
    stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    dirty = true;
  };

  const progress: Progress = (told) => {
    const event = printableTree(told);
    switch (event.kind) {
      case 'stage':
        stage = { name: event.name, startedMs: now().getTime() };
        epochFigures = {};
        line(`${chalk.bold(event.name)}${event.detail === undefined ? '' : `  ${event.detail}`}`);
        break;
      case 'step':
        draw(event);
        break;
      case 'epoch':
        epochFigures = { epoch: `${event.epoch}/${event.epochs}`, ...event.figures };
        if (!live)
          line(
            `  epoch ${String(event.epoch).padStart(String(event.epochs).length)}/${event.epochs}  ${figuresText(event.figures)}`,
          );
        break;
      case 'note':
        line(`  ${event.text}`);
        break;
      case 'warning':
        line(`${chalk.yellow('warning')} ${chalk.bold(event.code)}  ${event.text}`);
        break;
    }
  };
  return { progress, close: clear };
}

/** The updating line: bar, share, figures of the last epoch, then those of this moment, and the time left in the stage. */
export function stepText(
  { done, total, unit, figures }: Extract<ProgressEvent, { kind: 'step' }>,
  stage: string,
  seconds: number,
  epochFigures: Figures,
): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * BAR_CELLS);
  const left =
    share > 0 && share < 1 && seconds > 0.5 ? `  ${duration((seconds * (1 - share)) / share)} left` : '';
  const shown = figuresText({ ...epochFigures, ...figures });
  return `  ${stage} ${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${count(done)}/${count(total)} ${unit}${shown === '' ? '' : `  ${shown}`}${left}`;
}

/** `loss 0.5312  AUC 0.7911  tasks/s 14,200`: small numbers with four decimals, large ones whole. */
export function figuresText(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : figure(value)}`)
    .join('  ');
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? count(Math.round(value)) : value.toFixed(4);
}

// Progress on standard error: one updating line on a terminal, now and then a line elsewhere; every stage with its time.
import { duration } from '../../amounts.js';
import { printableTree } from '../../printable.js';
import type { Progress, ProgressEvent } from '../../progress.js';
import type { EpochPlot } from './epoch-plot.js';
import type { Host } from './host.js';
import { liveArea } from './live-area.js';
import { paceOf, paceText, type Step, shareBefore } from './pace.js';
import { type Figures, figuresText, stepLine, waitingLine } from './progress-line.js';
import { coloursFor, styleFor } from './style.js';
import { wrap } from './wrap.js';

/** What is redrawn is redrawn at most this often, in milliseconds. */
const REDRAW_MS = 80;
const REDRAW_CURVES_MS = 250;
/** Where lines stay, a stage says so seldom how far it is. */
const SPARSE_MS = 30_000;
/** A stage shorter than this does not say how long it took. */
const WORTH_TELLING_S = 1;

interface ProgressRenderer {
  readonly progress: Progress;
  /** Draws the time anew on a terminal, while nothing is reported. */
  readonly tick: () => void;
  /** The stage ended as it should: says how long it took. */
  readonly finish: () => void;
  /** Clears what is redrawn, so that results and errors start on a clean line. */
  readonly close: () => void;
}

interface Stage {
  readonly name: string;
  readonly startedMs: number;
  /** Share of it that was behind when its first step came; a training that is gone on with begins in the middle. */
  begun?: number;
  step?: Step;
  figures: Figures;
}

/** Whether lines are redrawn in place. */
export const isLive = ({ stderr, env }: Pick<Host, 'stderr' | 'env'>): boolean =>
  stderr.isTTY === true && env['TERM'] !== 'dumb' && env['CI'] === undefined;

/** Renders events; `plot` draws the curves of a training above the line, on a terminal. */
export function progressRenderer(host: Host, plot?: EpochPlot): ProgressRenderer {
  const { stderr, env, now } = host;
  const { chalk } = styleFor(stderr, coloursFor(stderr, env));
  const live = isLive(host);
  const area = liveArea(stderr);
  const began = now().getTime();
  let stage: Stage | undefined;
  let toldMs = began;

  const secondsOf = ({ startedMs }: Stage): number => (now().getTime() - startedMs) / 1000;
  const line = (text: string): void => {
    area.clear();
    stderr.write(`${text}\n`);
    toldMs = now().getTime();
  };
  /** Prose: broken between words on a terminal; a file keeps its lines whole. */
  const told = (text: string): string =>
    live ? wrap(text, stderr.columns ?? 80, '  ').join('\n') : `  ${text}`;
  const draw = (rare: boolean): void => {
    if (!live || stage === undefined) return;
    const seconds = secondsOf(stage);
    const { step, begun = 0, name, figures } = stage;
    // A terminal that does not say how wide it is; the last column is left free, or the cursor would wrap.
    const columns = (stderr.columns ?? 80) - 1;
    const text =
      step === undefined
        ? waitingLine(name, seconds, columns)
        : stepLine(step, name, paceOf(step, begun, seconds), figures, columns);
    area.draw(
      [...(plot?.lines(columns) ?? []), text],
      rare ? (plot === undefined ? REDRAW_MS : REDRAW_CURVES_MS) : 0,
      now().getTime(),
    );
  };
  const sparse = (of: Stage, step: Step): void => {
    if (live || now().getTime() - toldMs < SPARSE_MS) return;
    line(stepLine(step, of.name, paceOf(step, of.begun ?? 0, secondsOf(of)), of.figures, 200));
  };
  const epoch = (of: Stage, event: Extract<ProgressEvent, { kind: 'epoch' }>): void => {
    const { epoch: number, epochs, figures } = event;
    of.figures = { epoch: `${number}/${epochs}`, ...figures };
    // Its steps are behind; what they said of themselves is not the epoch's.
    if (of.step !== undefined) of.step = { ...of.step, done: of.step.total, figures: {} };
    if (live) {
      draw(false);
      return;
    }
    const place = `epoch ${String(number).padStart(String(epochs).length)}/${epochs}`;
    const pace =
      of.step === undefined
        ? duration(secondsOf(of))
        : paceText(paceOf(of.step, of.begun ?? 0, secondsOf(of)));
    line(`  ${place}  ${figuresText(figures)}  ${pace}`);
  };
  const finish = (): void => {
    if (stage === undefined) return;
    const seconds = secondsOf(stage);
    const curves = live ? (plot?.lines((stderr.columns ?? 80) - 1) ?? []) : [];
    if (curves.length > 0) line(curves.join('\n'));
    if (seconds >= WORTH_TELLING_S) line(chalk.dim(`  ${stage.name} took ${duration(seconds)}`));
    stage = undefined;
  };

  const progress: Progress = (reported) => {
    const event = printableTree(reported);
    if (event.kind === 'stage') finish();
    plot?.watch(event);
    // Work that names no stage is one all the same.
    const current = (): Stage => {
      stage ??= { name: '', startedMs: now().getTime(), figures: {} };
      return stage;
    };
    switch (event.kind) {
      case 'stage':
        stage = { name: event.name, startedMs: now().getTime(), figures: {} };
        line(`${chalk.bold(event.name)}${event.detail === undefined ? '' : `  ${event.detail}`}`);
        break;
      case 'part':
        finish();
        line(partText(event, (now().getTime() - began) / 1000));
        break;
      case 'step': {
        const of = current();
        of.begun ??= shareBefore(event);
        of.step = event;
        draw(event.done < event.total);
        sparse(of, event);
        break;
      }
      case 'epoch':
        epoch(current(), event);
        break;
      case 'note':
        line(told(event.text));
        break;
      case 'warning':
        line(`${chalk.yellow('warning')} ${chalk.bold(event.code)}  ${event.text}`);
        break;
    }
  };
  return { progress, tick: () => draw(true), finish, close: area.clear };
}

/** Parts take equal times, as far as is known. */
function partText({ part, of, name }: Extract<ProgressEvent, { kind: 'part' }>, seconds: number): string {
  const before = part - 1;
  const time =
    before === 0
      ? ''
      : `  after ${duration(seconds)}, about ${duration((seconds * (of - before)) / before)} left`;
  return `${name}, ${part} of ${of}${time}`;
}

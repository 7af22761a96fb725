// How a sweep went: the best so far over its trials, and every trial as a line over its keys and what came out.
import { leafText } from '../../config/leaves.js';
import type { Leaderboard, ModelBoard, TrialResult } from '../../workflows/sweep/leaderboard.js';
import { responsive } from '../charts/chart-size.js';
import { type LinePoint, lineChart } from '../charts/line-chart.js';
import { type ParallelAxis, type ParallelLine, parallelChart } from '../charts/parallel-chart.js';
import { figure, figureGrid, seriesLegend } from '../html/figure.js';
import { type Html, html } from '../html/safe-html.js';
import { decimal } from '../text/numbers.js';

type Scored = TrialResult & { readonly value: number; readonly score: number };

/** Trials of the last rung with a score, in the order in which they were begun. Those that fell out had fewer epochs. */
function comparable({ trials }: ModelBoard): readonly Scored[] {
  const last = Math.max(...trials.map(({ rung }) => rung));
  return trials
    .filter((trial): trial is Scored => trial.rung === last && trial.value !== null && trial.score !== null)
    .toSorted((a, b) => a.trial - b.trial);
}

/** The best so far, all models in one chart, and for each model that tried two keys or more its trials side by side. */
export function trialCharts(board: Leaderboard): Html {
  const models = board.models.map((model) => ({ model: model.model, trials: comparable(model) }));
  return html`${figureGrid([bestSoFar(models, board.metric)])}
${models.map(({ model, trials }, place) => parallel(model, trials, place, board.metric))}`;
}

function bestSoFar(
  models: readonly { readonly model: string; readonly trials: readonly Scored[] }[],
  metric: string,
): Html | undefined {
  const lines = models.flatMap(({ trials }, series) => {
    let best: Scored | undefined;
    const points: LinePoint[] = [];
    // A mark where the best changes.
    const dots: LinePoint[] = [];
    trials.forEach((trial, i) => {
      if (best !== undefined) points.push({ x: i + 1, y: best.value });
      if (best !== undefined && trial.score <= best.score) return;
      best = trial;
      dots.push({ x: i + 1, y: best.value });
      points.push(dots.at(-1)!);
    });
    return points.length === 0 ? [] : [{ series, points, dots }];
  });
  const most = Math.max(0, ...models.map(({ trials }) => trials.length));
  if (most < 2) return undefined;
  const title = 'The best so far';
  return figure({
    id: 'figure-best',
    title,
    legend: seriesLegend(
      models.map(({ model }) => model),
      true,
    ),
    drawing: lineChart(
      {
        lines,
        x: { label: 'trials', ticks: ticksTo(most) },
        y: { label: `validation ${metric}` },
      },
      {
        id: 'best-so-far',
        title,
        description: lines
          .map(
            ({ series, points }) =>
              `${models[series]!.model}: ${decimal(points.at(-1)!.y)} after ${models[series]!.trials.length}`,
          )
          .join('; '),
      },
    ),
    caption:
      'A line that is still rising at its end asks for more trials; the best of many is flattered by having been chosen.',
  });
}

function ticksTo(most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(most / 8));
  return Array.from({ length: Math.floor((most - 1) / step) + 1 }, (_, i) => 1 + i * step);
}

function parallel(model: string, trials: readonly Scored[], place: number, metric: string): Html | false {
  const keys = [...new Set(trials.flatMap(({ assignment }) => Object.keys(assignment)))];
  if (keys.length < 2 || trials.length < 3) return false;
  const columns = keys.map((key) => axisOf(key, trials));
  const outcome = scaleOf(trials.map(({ value }) => value));
  const axes: readonly ParallelAxis[] = [
    ...columns.map(({ axis }) => axis),
    { label: metric, ends: [decimal(outcome.low), decimal(outcome.high)] },
  ];
  const worstFirst = trials.toSorted((a, b) => a.score - b.score);
  const lines = worstFirst.map(
    (trial): ParallelLine => ({
      at: [...columns.map(({ at }) => at(trial)), outcome.at(trial.value)],
      title: `trial ${trial.trial}: ${decimal(trial.value)}`,
    }),
  );
  const title = `Trials of ${model} over all keys`;
  return figure({
    id: `figure-parallel-${place}`,
    title,
    drawing: responsive((width, text) => parallelChart(axes, lines, width, text), {
      id: `parallel-${place}`,
      title,
      description: `A line for each of ${lines.length} trials over ${keys.join(', ')} and ${metric}; the numbers are in the table of trials.`,
    }),
    caption: `Each line is a training; the more its colour stands out, the better; the best is thick. The recipe as it stands has no value of a key that it leaves open.`,
  });
}

interface Column {
  readonly axis: ParallelAxis;
  readonly at: (trial: Scored) => number | null;
}

/** Numbers by size (over more than a decade by their logarithms), whatever is no number by name. */
function axisOf(key: string, trials: readonly Scored[]): Column {
  const values = trials.flatMap(({ assignment }) => (key in assignment ? [assignment[key]] : []));
  if (values.every((value): value is number => typeof value === 'number')) {
    const { low, high, at } = scaleOf(values);
    const ends = [shortNumber(low), shortNumber(high)] as const;
    return {
      axis: { label: lastPart(key), ends },
      at: ({ assignment }) => (key in assignment ? at(assignment[key] as number) : null),
    };
  }
  const names = [...new Set(values.map(leafText))].sort();
  const step = Math.max(1, names.length - 1);
  return {
    axis: { label: lastPart(key), ends: [names[0]!, names.at(-1)!] },
    at: ({ assignment }) => (key in assignment ? names.indexOf(leafText(assignment[key])) / step : null),
  };
}

/** Drawn values have more digits than anyone reads on an axis. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));

/** The beginning of a key is long and alike. */
const lastPart = (key: string): string => key.split('.').slice(-1)[0]!;

function scaleOf(values: readonly number[]): {
  readonly low: number;
  readonly high: number;
  readonly at: (value: number) => number;
} {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const turn = low > 0 && high / low > 10 ? Math.log : (value: number) => value;
  const width = turn(high) - turn(low);
  return { low, high, at: (value) => (width === 0 ? 0.5 : (turn(value) - turn(low)) / width) };
}

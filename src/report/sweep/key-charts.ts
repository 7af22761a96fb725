// What came out for each value of each swept key: a chart a key.
import type { Leaderboard, TrialResult } from '../../workflows/sweep/leaderboard.js';
import { type Dot, dotChart } from '../charts/dot-chart.js';
import { figure, figureGrid, seriesLegend } from '../html/figure.js';
import type { Html } from '../html/safe-html.js';
import { decimal } from '../text/numbers.js';

/** Charts of all keys that any trial set. Trials of an earlier rung had fewer epochs and are left out. */
export function keyCharts({ models, metric }: Leaderboard): Html {
  const trials = models.flatMap(({ model, trials }, series) => {
    const last = Math.max(...trials.map(({ rung }) => rung));
    return trials.filter(({ rung }) => rung === last).map((trial) => ({ trial, model, series }));
  });
  const keys = [...new Set(trials.flatMap(({ trial }) => Object.keys(trial.assignment)))];
  return figureGrid(
    keys.map((key, place) => {
      const dots = trials.flatMap(({ trial, model, series }) => dotOf(trial, key, model, series));
      if (dots.length === 0) return undefined;
      const title = `${metric} by ${key}`;
      const text = {
        id: `key-${place}`,
        title,
        description: `Validation ${metric} of each trial over ${key}`,
      };
      return figure({
        id: `figure-key-${place}`,
        title: key,
        drawing: dotChart(
          { dots, x: { label: key, scale: scaleOf(dots) }, y: { label: `validation ${metric}` } },
          text,
        ),
        legend: seriesLegend(
          models.map(({ model }) => model),
          false,
        ),
        caption: 'Each mark is a training; the other keys differ too.',
      });
    }),
  );
}

function dotOf(
  { assignment, value, trial }: TrialResult,
  key: string,
  model: string,
  series: number,
): readonly Dot[] {
  if (value === null || !(key in assignment)) return [];
  const set = assignment[key];
  const x = typeof set === 'number' ? set : JSON.stringify(set);
  return [{ series, x, y: value, title: `${model} ${trial}, ${key}=${x}: ${decimal(value)}` }];
}

/** Numbers over more than a decade stand on a logarithmic axis; whatever is no number, by name. */
function scaleOf(dots: readonly Dot[]): 'linear' | 'log' | 'point' {
  const values = dots.map(({ x }) => x);
  if (!values.every((x) => typeof x === 'number')) return 'point';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high / low > 10 ? 'log' : 'linear';
}

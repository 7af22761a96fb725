// Learning curves: what training and validation did, epoch by epoch, for the model and the baselines it was compared with.

import { duration } from '../../amounts.js';
import { titleOf } from '../../evaluation/metrics/metric.js';
import { METRICS } from '../../evaluation/metrics/registry.js';
import { followedNames } from '../../runs/metrics-log.js';
import type { Line, LinePoint } from '../charts/line-chart.js';
import { lineChart } from '../charts/line-chart.js';
import type { ReportRun } from '../data/report-run.js';
import { dataTable } from '../html/data-table.js';
import { figure, figureGrid, seriesLegend } from '../html/figure.js';
import { type Html, html } from '../html/safe-html.js';
import { count, decimal, listed, percent, plural } from '../text/numbers.js';
import { absent, lead, type Section } from './section.js';

/** The runs in the order of their styles: the model first, then its baselines. */
export function learningSection(runs: readonly ReportRun[], names: readonly string[]): Section {
  const chosen = runs.map((run) => run.metrics.filter(({ phase }) => phase === 'select'));
  const body = chosen.every((records) => records.length === 0)
    ? absent('The run has no record of its epochs.')
    : html`${lead('Each epoch is scored on the validation rows; the best one is chosen, and where the recipe asks for it the model is then trained anew on training and validation rows for as many epochs. Test rows play no part in this.')}
${runs.map((run, i) => supportsText(run, names[i]!))}
${figureGrid([curve(runs, names, 'auc'), curve(runs, names, 'loss')])}
${epochsTable(runs, names)}`;
  return { id: 'learning', title: 'Learning curves', body };
}

/** Which supports the training episodes of a run had, beside those its validation rows were scored with. */
function supportsText({ supports }: ReportRun, name: string): Html | false {
  if (supports === null) return false;
  const { counted, used } = supports;
  const short = (sizes: readonly number[]): string => percent(sizes.slice(1).reduce((sum, x) => sum + x, 0));
  const scored = `${name}: of ${plural(counted.rows, 'validation row')} ${percent(counted.sizes[0])} were scored without support, ${short(counted.sizes)} with 1 to ${counted.sizes.length - 1} rows of it.`;
  const trained = `Of its training episodes ${percent(used.sizes[0])} had none`;
  return lead(
    `${scored} ${trained}${used.sizes.length > 1 ? `, ${short(used.sizes)} a short one` : ', by the recipe'}.`,
  );
}

function curve(runs: readonly ReportRun[], names: readonly string[], what: 'auc' | 'loss'): Html {
  const lines = runs.flatMap((run, series): Line[] => {
    const records = run.metrics.filter(({ phase }) => phase === 'select');
    const valid: LinePoint[] = records.flatMap(({ epoch, valid }) => {
      const y = valid?.[what === 'auc' ? 'auc' : 'logLoss'];
      return y == null ? [] : [{ x: epoch, y }];
    });
    const best = valid.filter(({ x }) => x === run.best?.epoch);
    const training: Line = {
      series,
      points: records.map(({ epoch, loss }) => ({ x: epoch, y: loss })),
      dots: 'none',
      faint: true,
    };
    const shown: Line = { series, points: valid, dots: best };
    return what === 'auc' ? [shown] : [training, shown];
  });
  const epochs = Math.max(1, ...runs.flatMap(({ metrics }) => metrics.map(({ epoch }) => epoch)));
  const title = what === 'auc' ? 'AUC on validation rows' : 'Loss';
  return figure({
    id: `figure-learning-${what}`,
    title,
    legend: seriesLegend(names, true),
    drawing: lineChart(
      {
        lines,
        x: { label: 'epoch', domain: [1, Math.max(2, epochs)], ...wholeTicks(epochs) },
        y: { label: what === 'auc' ? 'validation AUC' : 'mean loss of a row' },
      },
      {
        id: `learning-${what}`,
        title,
        description: `${title} by epoch for ${listed(names)}; the numbers are in the table of epochs.`,
      },
    ),
    caption:
      what === 'auc'
        ? 'The mark on a line is the epoch that was chosen.'
        : 'Strong lines are the log loss of validation rows, faint ones the training loss; a training loss that falls on while the validation loss rises is overfitting. Models that adapt have the loss of their query rows here.',
  });
}

/** There is no half an epoch: the few that there are are named one by one. */
const wholeTicks = (epochs: number): { readonly ticks?: readonly number[] } =>
  epochs <= 6 ? { ticks: Array.from({ length: epochs }, (_, i) => i + 1) } : {};

function epochsTable(runs: readonly ReportRun[], names: readonly string[]): Html {
  const followed = followedNames(runs.flatMap(({ metrics }) => metrics));
  const rows = runs.flatMap((run, i) =>
    run.metrics.map(({ phase, epoch, loss, valid, innerRate }, n) => ({
      ...(n === 0
        ? {
            group: `${names[i]}: ${run.epochs === null ? 'unfinished' : `${count(run.epochs)} epochs, the best was ${run.best?.epoch}`}${run.seconds === null ? '' : `, ${duration(run.seconds)}`}`,
          }
        : {}),
      strong: phase === 'select' && epoch === run.best?.epoch,
      cells: [
        phase === 'select' ? String(epoch) : `refit ${epoch}`,
        decimal(loss),
        ...followed.map((name) => decimal(valid?.[name])),
        innerRate === undefined ? '' : String(innerRate),
      ],
    })),
  );
  return html`<details><summary>Every epoch</summary>${dataTable(
    'Epochs of every run',
    [
      { title: 'epoch' },
      { title: 'training loss', numeric: true },
      ...followed.map((name) => ({ title: `validation ${titleOf(METRICS, name)}`, numeric: true })),
      { title: 'inner rate', numeric: true },
    ],
    rows,
  )}</details>`;
}

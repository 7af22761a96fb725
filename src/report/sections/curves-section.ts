// ROC and calibration: how well the rows are put in order, and whether the probabilities are what they say.
import type { CalibrationPoint, ModelCurves } from '../../evaluation/curves.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { type Line, lineChart } from '../charts/line-chart.js';
import { dataTable, type TableRow } from '../html/data-table.js';
import { figure, figureGrid, seriesLegend } from '../html/figure.js';
import { type Html, html } from '../html/safe-html.js';
import { count, decimal, levelText, listed, range, signed } from '../text/numbers.js';
import { absent, lead, type Section } from './section.js';

export function curvesSection(result: RunEvaluation): Section {
  return {
    id: 'curves',
    title: 'ROC and calibration',
    body: html`${lead('Order and probability apart: the left chart asks only how the rows are ranked, the right one whether of the rows that are given 0.3 three in ten have label 1.')}
${figureGrid([rocFigure(result), calibrationFigure(result)])}
${binsTable(result)}`,
  };
}

function rocFigure({ curves, models }: RunEvaluation): Html {
  const title = 'ROC';
  const drawn = curves.flatMap(({ model, roc }, series) => (roc === null ? [] : [{ model, roc, series }]));
  if (drawn.length === 0)
    return figure({
      id: 'figure-roc',
      title,
      drawing: absent('There is no ROC curve: one of the labels is missing.'),
      caption: '',
    });
  const lines = drawn
    .map(
      ({ roc, series }): Line => ({ series, dots: 'none', points: roc.points.map(([x, y]) => ({ x, y })) }),
    )
    .reverse();
  const error = Math.max(...drawn.map(({ roc }) => roc.largestError));
  const areas = drawn.map(({ model }) => {
    const auc = models.find((one) => one.model === model)?.metrics['auc']?.value;
    return `${model} ${decimal(auc)}`;
  });
  return figure({
    id: 'figure-roc',
    title,
    legend: seriesLegend(
      curves.map(({ model }) => model),
      true,
    ),
    drawing: lineChart(
      {
        lines,
        x: { label: 'false positive rate', domain: [0, 1] },
        y: { label: 'true positive rate', domain: [0, 1] },
        diagonal: true,
        height: SQUARE,
      },
      { id: 'roc', title, description: `ROC curves; the areas under them are ${listed(areas)}.` },
    ),
    caption: `The higher, the better ranked; the diagonal is chance. The area under a curve is its AUC: ${listed(areas)}. Curves are thinned for drawing, by no more than ${decimal(error, 3)} in either rate.`,
  });
}

/** Height at which both axes of a chart half a column wide are equally long. */
const SQUARE = 390;

function calibrationFigure({ curves, models, level }: RunEvaluation): Html {
  const title = 'Calibration';
  const [first] = curves;
  const most = highest(curves);
  const errors = models.map(({ model, metrics }) => {
    const { value, note } = metrics['calibrationError'] ?? {};
    return `${model} ${decimal(value)}${note === undefined ? '' : ` (${note.charAt(0).toLowerCase()}${note.slice(1).replace(/\.$/, '')})`}`;
  });
  const lines = curves
    .map(
      ({ calibration }, series): Line => ({
        series,
        dots: 'all',
        interval: 'bars',
        ...(series > 0 ? { faint: true } : {}),
        points: calibration.map(({ meanScore, labelRate, low, high }) => ({
          x: meanScore,
          y: labelRate,
          // Bars of every model would hide each other; the table has them all.
          ...(series === 0 ? { low, high } : {}),
        })),
      }),
    )
    .reverse();
  return figure({
    id: 'figure-calibration',
    title,
    legend: seriesLegend(
      curves.map(({ model }) => model),
      true,
    ),
    drawing: lineChart(
      {
        lines,
        x: { label: 'mean probability given to the rows of a bin', domain: [0, most] },
        y: { label: 'share of them with label 1', domain: [0, most] },
        diagonal: true,
        height: SQUARE,
      },
      {
        id: 'calibration',
        title,
        description: `Calibration by bin. ${first?.model}: ${first?.calibration.map(({ meanScore, labelRate }) => `${decimal(meanScore, 2)} given, ${decimal(labelRate, 2)} seen`).join('; ')}.`,
      },
    ),
    caption: `On the diagonal a probability is what it says; below it the model promises too much, above it too little. Bars are ${levelText(level)} intervals of ${first?.model}. Calibration error: ${listed(errors)}.`,
  });
}

/** Both axes end here: at the largest number drawn, rounded up to a tenth; where all is rare, to a hundredth. */
function highest(curves: readonly ModelCurves[]): number {
  const values = curves.flatMap(({ calibration }, series) =>
    calibration.flatMap(({ meanScore, labelRate, high }) => [meanScore, labelRate, series === 0 ? high : 0]),
  );
  const most = Math.max(0.001, ...values);
  const step = most > 0.1 ? 0.1 : most > 0.01 ? 0.01 : 0.001;
  return Math.min(1, Math.ceil(most / step - 1e-9) * step);
}

function binsTable({ curves, level }: RunEvaluation): Html {
  const rows = curves.flatMap(({ model, calibration }) =>
    calibration.map(
      (point, i): TableRow => ({ ...(i === 0 ? { group: model } : {}), cells: binCells(point) }),
    ),
  );
  return html`<details><summary>The bins</summary>${dataTable(
    'Calibration by bin of every model',
    [
      { title: 'probabilities' },
      ...[
        'rows',
        'entities',
        'mean probability',
        'share with label 1',
        `${levelText(level)} interval`,
        'seen less given',
      ].map((title) => ({ title, numeric: true })),
    ],
    rows,
  )}</details>`;
}

const binCells = ({ from, to, rows, entities, meanScore, labelRate, low, high }: CalibrationPoint) => [
  `${decimal(from, 3)}–${decimal(to, 3)}`,
  count(rows),
  count(entities),
  decimal(meanScore),
  decimal(labelRate),
  range(low, high, decimal),
  signed(labelRate - meanScore),
];

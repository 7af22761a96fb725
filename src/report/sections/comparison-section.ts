// The comparison: every metric of every model, and every difference with its interval, as tables and as forest plots.
import type { Comparison, ModelResult } from '../../evaluation/evaluation-result.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { responsive } from '../charts/chart-size.js';
import { forestChart } from '../charts/forest-chart.js';
import { dataTable, type TableRow } from '../html/data-table.js';
import { figure, openMarksNote, seriesLegend } from '../html/figure.js';
import { type Html, html, type Insertable } from '../html/safe-html.js';
import { type MetricFamily, metricFamily, metricName } from '../text/metric-names.js';
import { count, decimal, levelText, listed, pValue, range, signed } from '../text/numbers.js';
import { lead, type Section } from './section.js';
import { verdictLabel } from './verdict-section.js';

const OVERALL = [
  'auc',
  'groupAuc',
  'logLoss',
  'normalizedEntropy',
  'calibrationError',
  'calibrationSlope',
] as const;

export function comparisonSection(result: RunEvaluation): Section {
  const { level, models, comparisons } = result;
  return {
    id: 'comparison',
    title: 'Comparison',
    body: html`${lead(`Every model scored the same test rows. Under each number stands its ${levelText(level)} interval over entities; the differences further down are paired, which is why they are surer than these intervals let one think.`)}
${modelsTable(result)}
${comparisons.length > 0 && [differencesTable(result), forests(result)]}
${models.length > 0 && rankingTable(result)}`,
  };
}

/** Baselines first, the evaluated model last, then the ceiling where it is known. */
function modelsTable({ models, oracle, level }: RunEvaluation): Html {
  const [evaluated, ...baselines] = models;
  const rows: TableRow[] = [...baselines, ...(evaluated === undefined ? [] : [evaluated])].map((model) => ({
    strong: model === evaluated,
    cells: [
      html`<span class="name">${model.model}</span>`,
      ...OVERALL.map((metric) => measuredCell(model, metric)),
    ],
  }));
  if (oracle != null)
    rows.push({
      cells: ['true probabilities', decimal(oracle.auc), ...OVERALL.slice(1).map(() => '–')],
    });
  return dataTable(
    `Metrics of every model on all test rows, with ${levelText(level)} intervals`,
    [{ title: 'model' }, ...OVERALL.map((metric) => ({ title: metricName(metric), numeric: true }))],
    rows,
  );
}

function measuredCell(model: ModelResult, metric: (typeof OVERALL)[number]): Insertable {
  const value = model[metric];
  if (value === null) return html`<span title="${model.undefinedMetrics[metric]}">–</span>`;
  const interval = model.intervals[metric];
  return html`${decimal(value)}${interval && html`<small>${decimal(interval.low)}–${decimal(interval.high)}</small>`}`;
}

function differencesTable({ model, models, comparisons, level }: RunEvaluation): Html {
  const several = models.length > 2;
  const baselines = models.slice(1).map((one) => one.model);
  const rows = baselines.flatMap((baseline) =>
    comparisons
      .filter((one) => one.baseline === baseline)
      .map(
        (one, i): TableRow => ({
          ...(i === 0 ? { group: `${model} less ${baseline}` } : {}),
          cells: [
            metricName(one.metric),
            decimal(one.baselineValue),
            decimal(one.value),
            signed(one.delta),
            one.reason !== undefined && one.low === null
              ? html`<small class="why">${one.reason}</small>`
              : range(one.low, one.high),
            pValue(one.pValue),
            ...(several ? [pValue(one.adjustedPValue)] : []),
            verdictLabel(one.verdict),
          ],
        }),
      ),
  );
  return dataTable(
    `Differences of ${model} to each baseline`,
    [
      { title: 'metric' },
      { title: 'baseline', numeric: true },
      { title: model, numeric: true },
      { title: 'Δ', numeric: true },
      { title: `${levelText(level)} interval`, numeric: true },
      { title: 'p', numeric: true },
      ...(several ? [{ title: 'p, corrected', numeric: true }] : []),
      { title: 'verdict' },
    ],
    rows,
  );
}

const FAMILIES: readonly { readonly family: MetricFamily; readonly title: string; readonly axis: string }[] =
  [
    { family: 'ranking', title: 'Ranking: how well clicks are put before the rest', axis: 'Δ' },
    { family: 'loss', title: 'Probabilities: how far they are from the labels', axis: 'Δ' },
    { family: 'slope', title: 'Calibration slope: how far it is from 1', axis: 'Δ' },
  ];

/** One figure: three axes, because the metrics have three units. */
function forests({ model, models, comparisons, level }: RunEvaluation): Html {
  const baselines = models.slice(1).map((one) => one.model);
  const drawings = FAMILIES.map(({ family, title }) => {
    const metrics = [
      ...new Set(
        comparisons.filter((one) => metricFamily(one.metric) === family).map(({ metric }) => metric),
      ),
    ];
    const rows = metrics.map((metric) => ({
      // The heading says that it is the slope of calibration.
      label: metric === 'calibrationSlopeDistance' ? '|slope − 1|' : metricName(metric),
      marks: baselines.flatMap((baseline, series) => {
        const found = comparisons.find((one) => one.metric === metric && one.baseline === baseline);
        return found === undefined || found.delta === null ? [] : [{ ...markOf(found), series: series + 1 }];
      }),
    }));
    const drawn = rows.filter(({ marks }) => marks.length > 0);
    if (drawn.length === 0) return '';
    const betterWhen = family === 'ranking' ? 'higher' : 'lower';
    return html`<h4>${title}</h4>${responsive(
      (width, text) => forestChart({ rows: drawn, axis: 'Δ', betterWhen }, width, text),
      {
        id: `forest-${family}`,
        title,
        description: `Differences of ${model} to ${listed(baselines)} with ${levelText(level)} intervals for ${listed(drawn.map(({ label }) => label))}; the numbers are in the table of differences.`,
      },
    )}`;
  });
  return figure({
    id: 'figure-forest',
    title: `${model} less ${listed(baselines)}`,
    legend: html`${legendOf(baselines)}${openMarksNote(levelText(level))}`,
    drawing: html`${drawings}`,
    caption: `To the right of 0 ${model} is better; where lower values are better the axis runs from right to left.`,
  });
}

/** Marks of baselines begin at the second style: the first is the evaluated model's. */
export function legendOf(baselines: readonly string[]): Html {
  return seriesLegend(baselines, false, 1);
}

const markOf = ({ delta, low, high }: Comparison) => ({ delta: delta ?? 0, low, high });

function rankingTable({ models }: RunEvaluation): Html | false {
  const rows = models.flatMap(({ model, ranking }, place) =>
    ranking.map(
      (one, i): TableRow => ({
        ...(i === 0 ? { group: model } : {}),
        strong: place === 0,
        cells: [
          `top ${one.k}`,
          decimal(one.precision),
          decimal(one.recall),
          decimal(one.ndcg),
          count(one.entitiesPastK),
          count(one.entities),
          count(one.excludedEntities),
        ],
      }),
    ),
  );
  if (rows.length === 0) return false;
  return html`<details><summary>Top lists: precision, recall and nDCG</summary>${dataTable(
    'Metrics of top lists, mean over entities',
    [
      { title: 'list' },
      ...[
        'precision',
        'recall',
        'nDCG',
        'entities (precision, recall)',
        'entities (nDCG)',
        'left out: one label only',
      ].map((title) => ({ title, numeric: true })),
    ],
    rows,
  )}</details>`;
}

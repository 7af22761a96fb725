// The comparison: every metric of every model, and every difference with its interval, as tables and as forest plots.

import type { Comparison } from '../../evaluation/comparison/compare-models.js';
import type { Score } from '../../evaluation/comparison/score-card.js';
import { betterWhen, comparedTitle, type DefinedMetric, shownAt } from '../../evaluation/metrics/metric.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { responsive } from '../charts/chart-size.js';
import { forestChart } from '../charts/forest-chart.js';
import { dataTable, type TableRow } from '../html/data-table.js';
import { figure, openMarksNote, seriesLegend } from '../html/figure.js';
import { type Html, html, type Insertable } from '../html/safe-html.js';
import { decimal, levelText, listed, pValue, range, signed } from '../text/numbers.js';
import { lead, type Section } from './section.js';
import { verdictLabel } from './verdict-section.js';

export function comparisonSection(result: RunEvaluation): Section {
  const { level, comparisons } = result;
  return {
    id: 'comparison',
    title: 'Comparison',
    body: html`${lead(`Every model scored the same test rows. Under each number stands its ${levelText(level)} interval over entities; the differences further down are paired, which is why they are surer than these intervals let one think.`)}
${modelsTable(result)}
${movingHistoryNote(result)}
${comparisons.length > 0 && [differencesTable(result), forests(result)]}
${topLists(result)}`,
  };
}

/** Such features hold the very labels that metrics within an entity put in order. */
function movingHistoryNote({ movingHistory }: RunEvaluation): Html | false {
  return (
    movingHistory.length > 0 &&
    html`<p class="note"><strong>Group AUC and top lists are biased here:</strong> ${listed(movingHistory)} aggregate the entity’s own past and move while the test rows go by, so among an entity’s rows a click has fewer clicks in them than the other rows have. That holds for every model that reads them.</p>`
  );
}

/** What was measured under one protocol. */
type Measured = Pick<RunEvaluation, 'model' | 'metrics' | 'models' | 'comparisons' | 'oracle' | 'level'>;

/** Baselines first, the evaluated model last, then the ceiling where it is known. */
export function modelsTable({ metrics, models, oracle, level }: Measured): Html {
  const shown = shownAt('report', metrics).filter(({ top }) => top === undefined);
  const [evaluated, ...baselines] = models;
  const rows: TableRow[] = [...baselines, ...(evaluated === undefined ? [] : [evaluated])].map((model) => ({
    strong: model === evaluated,
    cells: [
      html`<span class="name">${model.model}</span>`,
      ...shown.map(({ name }) => scoreCell(model.metrics[name])),
    ],
  }));
  if (oracle != null)
    rows.push({
      cells: ['true probabilities', ...shown.map(({ name }) => (name === 'auc' ? decimal(oracle.auc) : '–'))],
    });
  return dataTable(
    `Metrics of every model on all test rows, with ${levelText(level)} intervals`,
    [{ title: 'model' }, ...shown.map(({ title }) => ({ title, numeric: true }))],
    rows,
  );
}

function scoreCell(score: Score | undefined): Insertable {
  if (score === undefined) return '–';
  const { value, interval, reason } = score;
  if (value === null) return html`<span title="${reason}">–</span>`;
  return html`${decimal(value)}${interval && html`<small>${decimal(interval.low)}–${decimal(interval.high)}</small>`}`;
}

/** Comparisons in the order in which their metrics are shown. */
const withMetrics = (
  metrics: readonly DefinedMetric[],
  comparisons: readonly Comparison[],
): readonly (readonly [Comparison, DefinedMetric])[] =>
  metrics.flatMap((metric) =>
    comparisons.filter((one) => one.metric === metric.name).map((one) => [one, metric] as const),
  );

export function differencesTable({ model, metrics, models, comparisons, level }: Measured): Html {
  const several = models.length > 2;
  const baselines = models.slice(1).map((one) => one.model);
  const rows = baselines.flatMap((baseline) =>
    withMetrics(metrics, comparisons)
      .filter(([one]) => one.baseline === baseline)
      .map(
        ([one, metric], i): TableRow => ({
          ...(i === 0 ? { group: `${model} less ${baseline}` } : {}),
          cells: [
            comparedTitle(metric),
            decimal(one.baselineValue),
            decimal(one.value),
            signed(one.delta),
            one.reason !== undefined && one.low === null
              ? html`<small class="why">${one.reason}</small>`
              : range(one.low, one.high),
            pValue(one.pValue, 1 - level),
            ...(several ? [pValue(one.adjustedPValue, 1 - level)] : []),
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

/** One figure with an axis for each unit that metrics have. */
function forests({ model, metrics, models, comparisons, level }: RunEvaluation): Html {
  const baselines = models.slice(1).map((one) => one.model);
  const shown = shownAt('report', metrics);
  const alike = (a: DefinedMetric, b: DefinedMetric): boolean =>
    a.axis === b.axis && betterWhen(a) === betterWhen(b);
  const firsts = shown.filter((metric, i) => shown.findIndex((other) => alike(metric, other)) === i);
  const drawings = firsts.map((first, place) => {
    const { axis } = first;
    const of = shown.filter((metric) => alike(metric, first));
    const rows = of.map((metric) => ({
      label: forestLabel(metric),
      marks: baselines.flatMap((baseline, series) => {
        const found = comparisons.find((one) => one.metric === metric.name && one.baseline === baseline);
        return found === undefined || found.delta === null ? [] : [{ ...markOf(found), series: series + 1 }];
      }),
    }));
    const drawn = rows.filter(({ marks }) => marks.length > 0);
    if (drawn.length === 0) return '';
    return html`<h4>${axis}</h4>${responsive(
      (width, text) => forestChart({ rows: drawn, axis: 'Δ', betterWhen: betterWhen(first) }, width, text),
      {
        id: `forest-${place}`,
        title: axis,
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

/** The short title where the long one would be cut off on a phone. */
function forestLabel(metric: DefinedMetric): string {
  const title = comparedTitle(metric);
  return title.length <= 18 ? title : comparedTitle({ ...metric, title: metric.short ?? metric.title });
}

/** Marks of baselines begin at the second style: the first is the evaluated model's. */
export function legendOf(baselines: readonly string[]): Html {
  return seriesLegend(baselines, false, 1);
}

const markOf = ({ delta, low, high }: Comparison) => ({ delta: delta ?? 0, low, high });

/** A row for each model and length of list, a column for each metric of lists. */
function topLists({ metrics, models }: RunEvaluation): Html | false {
  const tops = metrics.filter(({ top }) => top !== undefined);
  if (tops.length === 0) return false;
  const lists = [...new Set(tops.map(({ top }) => top!.list))];
  const sizes = [...new Set(tops.map(({ top }) => top!.k))].sort((a, b) => a - b);
  const rows = models.flatMap(({ model, metrics: card }, place) =>
    sizes.map(
      (k, i): TableRow => ({
        ...(i === 0 ? { group: model } : {}),
        strong: place === 0,
        cells: [
          `top ${k}`,
          ...lists.map((list) => {
            const metric = tops.find(({ top }) => top!.list === list && top!.k === k);
            return listCell(metric === undefined ? undefined : card[metric.name]);
          }),
        ],
      }),
    ),
  );
  return html`<details><summary>Top lists: ${listed(lists)}</summary>${dataTable(
    'Metrics of top lists, mean over entities',
    [{ title: 'list' }, ...lists.map((title) => ({ title, numeric: true }))],
    rows,
  )}</details>`;
}

/** The value over the entities that it is the mean of. */
const listCell = (score: Score | undefined): Insertable =>
  html`<span title="${score?.reason}">${decimal(score?.value)}</span>${score?.note !== undefined && html`<small>${score.note}</small>`}`;

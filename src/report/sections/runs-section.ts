// All finished runs of an experiment side by side: what they were, what they reached, and in what they differ.

import type { ModelResult } from '../../evaluation/evaluation-result.js';
import { responsive } from '../charts/chart-size.js';
import { forestChart } from '../charts/forest-chart.js';
import type { PageLinks } from '../data/page-links.js';
import type { ReportData } from '../data/report-data.js';
import type { ReportRun } from '../data/report-run.js';
import { dataTable, type TableRow } from '../html/data-table.js';
import { figure, openMarksNote, seriesLegend } from '../html/figure.js';
import { type Html, html, type Insertable } from '../html/safe-html.js';
import { count, decimal, levelText, plural, signed } from '../text/numbers.js';
import { valueText } from './config-section.js';
import { lead, type Section } from './section.js';

export function runsSection({ runs, otherData, shown, unread }: ReportData, links: PageLinks): Section {
  const own = runs.filter(({ baselineOf }) => baselineOf === null);
  return {
    id: 'runs',
    title: 'Runs',
    body: html`${lead(`${plural(own.length, 'finished run')}${own.length < runs.length ? ` and ${plural(runs.length - own.length, 'run')} trained as baselines of them` : ''}. All of them on ${shown.config.dataset.name}, data hash ${shown.config.dataset.hash.slice(0, 12)}. The sections below are of run ${shown.id}.`)}
${otherData.length > 0 && html`<p class="absent">Left out, because they were trained and tested on other data: ${otherData.map(({ id, dataset, hash }) => `${id} (${dataset}, hash ${hash.slice(0, 12)})`).join('; ')}</p>`}
${unread.length > 0 && html`<p class="absent">Left out, because they cannot be read: ${unread.map(({ id, why }) => `${id} (${why})`).join('; ')}</p>`}
${runsTable(runs, shown, links)}
${runsForest(own)}
${differencesTable(own)}`,
  };
}

/** The other runs of a run's experiment, on the page of the run. */
export function siblingsSection({ runs, shown, experiment }: ReportData, links: PageLinks): Section {
  return {
    id: 'runs',
    title: 'Runs of this experiment',
    body: html`${lead(`${plural(runs.length, 'run')} of ${experiment} on this data; this one is bold. In full: limaml report ${experiment}`)}
${runsTable(runs, shown, links)}`,
  };
}

/** Runs of their own, each followed by the baselines that were trained for it; then baselines whose run is gone. */
function inOrder(runs: readonly ReportRun[]): readonly ReportRun[] {
  const own = runs.filter(({ baselineOf }) => baselineOf === null);
  const placed = own.flatMap((run) => [run, ...runs.filter(({ baselineOf }) => baselineOf === run.id)]);
  return [...placed, ...runs.filter((run) => !placed.includes(run))];
}

/** Test metrics of a run: its own, or what the evaluation of another run says of it as a baseline. */
function testMetrics(run: ReportRun, runs: readonly ReportRun[]): ModelResult | undefined {
  return (
    run.evaluation?.models[0] ??
    runs.flatMap(({ evaluation }) => evaluation?.models ?? []).find((model) => model.run === run.id)
  );
}

function runsTable(runs: readonly ReportRun[], shown: ReportRun, links: PageLinks): Html {
  const named = ({ id }: ReportRun): Html => {
    const href = links.runs.get(id);
    const code = html`<code>${id}</code>`;
    return href === undefined ? code : html`<a href="${href}">${code}</a>`;
  };
  const rows = inOrder(runs).map((run): TableRow => {
    const model = testMetrics(run, runs);
    const { value: auc, interval } = model?.metrics['auc'] ?? {};
    return {
      strong: run === shown,
      cells: [
        run.baselineOf === null ? named(run) : html`<span class="sub">${named(run)}</span>`,
        run.baselineOf === null ? run.model : html`<span class="sub">${run.model}</span>`,
        String(run.seed),
        String(run.epochs ?? '–'),
        decimal(run.best?.auc),
        html`${decimal(auc)}${interval && html`<small>${decimal(interval.low)}–${decimal(interval.high)}</small>`}`,
        decimal(model?.metrics['logLoss']?.value),
        aucDifferences(run),
      ],
    };
  });
  return dataTable(
    'Finished runs',
    [
      { title: 'run' },
      { title: 'model' },
      { title: 'seed', numeric: true },
      { title: 'epochs', numeric: true },
      { title: 'validation AUC', numeric: true },
      { title: 'test AUC', numeric: true },
      { title: 'test log loss', numeric: true },
      { title: 'Δ AUC', numeric: true },
    ],
    rows,
  );
}

function aucDifferences({ evaluation }: ReportRun): Insertable {
  const found = evaluation?.comparisons.filter(({ metric }) => metric === 'auc') ?? [];
  if (found.length === 0) return '–';
  return found.map(
    ({ baseline, delta }) => html`<span class="line">${signed(delta)}<small>to ${baseline}</small></span>`,
  );
}

/** Names of all baselines that any run was compared with, in the order they first occur. */
const baselinesOf = (runs: readonly ReportRun[]): readonly string[] => [
  ...new Set(runs.flatMap(({ evaluation }) => evaluation?.comparisons.map(({ baseline }) => baseline) ?? [])),
];

function runsForest(runs: readonly ReportRun[]): Html | false {
  const baselines = baselinesOf(runs);
  const compared = runs.filter(({ evaluation }) => (evaluation?.comparisons.length ?? 0) > 0);
  if (compared.length < 2) return false;
  const oneModel = new Set(compared.map(({ model }) => model)).size === 1;
  // The end of an id tells runs apart; its beginning, the time, is long and alike.
  const rows = compared.map(({ id, seed, model, evaluation }) => ({
    label: `${oneModel ? '' : `${model}, `}seed ${seed} · ${id.slice(-6)}`,
    marks: (evaluation?.comparisons ?? []).flatMap(({ metric, baseline, delta, low, high }) =>
      metric !== 'auc' || delta === null
        ? []
        : [{ series: 1 + baselines.indexOf(baseline), delta, low, high }],
    ),
  }));
  const title = 'Difference in AUC, run by run';
  const level = levelText(compared[0]?.evaluation?.level ?? 0.95);
  return figure({
    id: 'figure-runs',
    title,
    legend: html`${seriesLegend(baselines, false, 1)}${openMarksNote(level)}`,
    drawing: responsive(
      (width, text) => forestChart({ rows, axis: 'Δ AUC', betterWhen: 'higher' }, width, text),
      {
        id: 'runs-auc',
        title,
        description: `AUC of every evaluated run less that of its baselines, with ${level} intervals; the numbers are in the table of runs.`,
      },
    ),
    caption:
      'Each run less the baselines it was evaluated against, trained with the same seed. To the right of 0 the run is better.',
  });
}

/** Keys in which the runs differ, one column a run. */
function differencesTable(runs: readonly ReportRun[]): Html | false {
  const keys = [...new Set(runs.flatMap(({ config }) => Object.keys(config.origins)))];
  const differing = keys.filter(
    (key) => new Set(runs.map(({ config }) => valueText(config.recipe, key))).size > 1,
  );
  if (differing.length === 0) return false;
  return html`<h3>In what they differ</h3>
${dataTable(
  'Configuration keys in which the runs differ',
  [{ title: 'key' }, ...runs.map(({ id }) => ({ title: html`<code>${id}</code>` }))],
  differing.map((key) => ({
    cells: [
      html`<code>${key}</code>`,
      ...runs.map(({ config }) => html`<code>${valueText(config.recipe, key)}</code>`),
    ],
  })),
)}
<p class="notes">${count(keys.length - differing.length)} keys are the same in all.</p>`;
}

// The spread over seeds: the same recipe trained again. Kept apart from the intervals, which are about other entities.

import { comparedTitle } from '../../evaluation/metrics/metric.js';
import type { SeedSpread } from '../../evaluation/seed-spread.js';
import { responsive } from '../charts/chart-size.js';
import { type ForestMark, forestChart } from '../charts/forest-chart.js';
import type { ReportRun } from '../data/report-run.js';
import type { NumberOverSeeds } from '../data/seed-runs.js';
import { dataTable } from '../html/data-table.js';
import { figure, openMarksNote } from '../html/figure.js';
import { type Html, html } from '../html/safe-html.js';
import { decimal, levelText, listed, plural, range, signed } from '../text/numbers.js';
import { legendOf } from './comparison-section.js';
import { lead, type Section } from './section.js';

export function seedsSection(spreads: readonly NumberOverSeeds[], runs: readonly ReportRun[]): Section {
  const level = levelText(runs[0]?.evaluation?.level ?? 0.95);
  const versions = new Set(runs.map(({ provenance }) => provenance.limaml.code)).size;
  return {
    id: 'seeds',
    title: 'Spread over seeds',
    body: html`${lead(`The same recipe trained with ${plural(runs.length, 'seed')} (${listed(runs.map(({ seed }) => String(seed)))}), baselines with the same seed each. This spread says how much luck there is in one training; the intervals say how much there is in the choice of entities. Neither covers the other.`)}
${versions > 1 && html`<p class="absent">These runs were made by ${versions} versions of the program: part of the spread may be theirs.</p>`}
${seedForest(spreads, level)}
${spreadTable(spreads, level)}`,
  };
}

function seedForest(spreads: readonly NumberOverSeeds[], level: string): Html | false {
  const differences = spreads.filter(({ metric, baseline }) => metric.name === 'auc' && baseline !== null);
  if (differences.length === 0) return false;
  const rows = differences.flatMap(({ baseline, values, spread }, series) => [
    { label: `against ${baseline}`, heading: true, marks: [] },
    ...values.map(({ seed, value, low, high }) => ({
      label: `seed ${seed}`,
      marks: [{ series: series + 1, delta: value, low, high }],
    })),
    { label: `mean of ${values.length} seeds`, marks: [meanMark(spread, series + 1)] },
  ]);
  const title = 'Difference in AUC, seed by seed';
  return figure({
    id: 'figure-seeds',
    title,
    legend: html`${legendOf(differences.map(({ baseline }) => baseline ?? ''))}${openMarksNote(level)}`,
    drawing: responsive(
      (width, text) => forestChart({ rows, axis: 'Δ AUC', betterWhen: 'higher' }, width, text),
      {
        id: 'seeds-auc',
        title,
        description: `${differences.map(({ baseline, values, spread }) => `Against ${baseline}: ${values.map(({ seed, value }) => `seed ${seed} ${signed(value)}`).join(', ')}, mean ${signed(spread.mean)}`).join('. ')}.`,
      },
    ),
    caption: `The row of a seed is one training with its ${level} interval over entities. The interval of the mean is over seeds, on the same rows: it stands for other trainings, not for other entities, and needs three seeds at least.`,
  });
}

/** Two seeds give an interval too wide to draw: it would press everything else together. */
function meanMark({ mean, low, high, values }: SeedSpread, series: number): ForestMark {
  const enough = values.length >= 3;
  return { series, delta: mean, low: enough ? low : null, high: enough ? high : null, summary: true };
}

function spreadTable(spreads: readonly NumberOverSeeds[], level: string): Html {
  return dataTable(
    'Numbers over seeds',
    [
      { title: 'metric' },
      { title: 'seeds', numeric: true },
      { title: 'mean', numeric: true },
      { title: 'standard deviation over seeds', numeric: true },
      { title: `${level} interval of the mean, over seeds`, numeric: true },
      { title: 'least to most', numeric: true },
    ],
    spreads.map(({ metric, model, baseline, values, spread }) => {
      const show = (value: number): string => (baseline === null ? decimal(value) : signed(value));
      const numbers = values.map(({ value }) => value);
      return {
        cells: [
          baseline === null ? `${metric.title} of ${model}` : `Δ ${comparedTitle(metric)} to ${baseline}`,
          String(values.length),
          show(spread.mean),
          decimal(spread.standardDeviation),
          range(spread.low, spread.high, show),
          range(Math.min(...numbers), Math.max(...numbers), show),
        ],
      };
    }),
  );
}

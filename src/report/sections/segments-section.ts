// Segments: where the difference comes from, with rows and label rate; what is too small says so.

import { betterWhen, comparedTitle, type DefinedMetric, shownAt } from '../../evaluation/metrics/metric.js';
import type { SegmentResult } from '../../evaluation/segments/segment-results.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { responsive } from '../charts/chart-size.js';
import { type ForestRow, forestChart } from '../charts/forest-chart.js';
import { dataTable, type TableRow } from '../html/data-table.js';
import { figure, openMarksNote } from '../html/figure.js';
import { type Html, html, type Insertable } from '../html/safe-html.js';
import { count, decimal, levelText, percent, range, signed } from '../text/numbers.js';
import { segmentHeading, segmentLabel } from '../text/segment-names.js';
import { legendOf } from './comparison-section.js';
import { absent, lead, type Section } from './section.js';

export function segmentsSection(result: RunEvaluation): Section {
  const { metrics, models, level } = result;
  const [first, ...others] = shownAt('headline', metrics);
  const segments = models[0]?.segments ?? [];
  const body =
    segments.length === 0
      ? absent('No segments were measured.')
      : html`${lead(`The same measurements on parts of the test rows. Intervals (${levelText(level)}) are not corrected for the number of segments: of a hundred segments without any difference, about ${Math.round((1 - level) * 100)} would show one.`)}
${models.length > 1 && first !== undefined && segmentForest(result, first)}
${segmentTable(result)}
${models.length > 1 && others.map((metric) => html`<details><summary>Difference in ${comparedTitle(metric)} by segment</summary>${segmentForest(result, metric)}</details>`)}`;
  return { id: 'segments', title: 'Segments', body };
}

function segmentForest(result: RunEvaluation, metric: DefinedMetric): Html {
  const { model, models, level } = result;
  const baselines = models.slice(1).map((one) => one.model);
  const rows = bySlice(models[0]?.segments ?? []).flatMap(({ by, segments }): ForestRow[] => [
    { label: segmentHeading(by), heading: true, marks: [] },
    ...segments.map((segment) => forestRow(segment, metric.name, baselines)),
  ]);
  const name = comparedTitle(metric);
  return figure({
    id: `figure-segments-${metric.name}`,
    title: `Difference in ${name} by segment`,
    legend: html`${legendOf(baselines)}${openMarksNote(levelText(level))}`,
    drawing: responsive(
      (width, text) => forestChart({ rows, axis: `Δ ${name}`, betterWhen: betterWhen(metric) }, width, text),
      {
        id: `segments-${metric.name}`,
        title: `Difference in ${name} by segment`,
        description: `Differences of ${model} to ${baselines.join(', ')} in ${name} in each segment; the numbers are in the table of segments.`,
      },
    ),
    caption: `${model} less each baseline; to the right of 0 ${model} is better. Beside the name of a segment stand its rows.`,
  });
}

function forestRow(segment: SegmentResult, metric: string, baselines: readonly string[]): ForestRow {
  const marks = baselines.flatMap((baseline, series) => {
    const found = segment.comparisons.find((one) => one.metric === metric && one.baseline === baseline);
    if (found === undefined || found.delta === null) return [];
    return [{ series: series + 1, delta: found.delta, low: found.low, high: found.high }];
  });
  return {
    label: segmentLabel(segment.by, segment.value),
    note: count(segment.rows),
    marks,
    ...(marks.length === 0 ? { missing: segment.tooSmall ?? 'no difference measured' } : {}),
  };
}

export function segmentTable({ models, level }: Pick<RunEvaluation, 'models' | 'level'>): Html {
  const [evaluated, ...baselines] = models;
  const rows = bySlice(evaluated?.segments ?? []).flatMap(({ by, segments }) =>
    segments.map(
      (segment, i): TableRow => ({
        ...(i === 0 ? { group: segmentHeading(by) } : {}),
        cells: [
          segmentLabel(segment.by, segment.value),
          count(segment.rows),
          count(segment.entities),
          percent(segment.labelRate),
          ...baselines.map((baseline) =>
            decimal(sameSegment(baseline.segments, segment)?.metrics['auc']?.value),
          ),
          segment.tooSmall === undefined ? decimal(segment.metrics['auc']?.value) : '–',
          ...(baselines.length === 0 ? [segment.tooSmall] : differenceCells(segment, baselines[0]!.model)),
        ],
      }),
    ),
  );
  const first = baselines[0]?.model;
  return dataTable(
    'Rows, label rate and AUC by segment',
    [
      { title: 'segment' },
      { title: 'rows', numeric: true },
      { title: 'entities', numeric: true },
      { title: 'label 1', numeric: true },
      ...baselines.map(({ model }) => ({ title: `AUC ${model}`, numeric: true })),
      { title: `AUC ${evaluated?.model ?? ''}`, numeric: true },
      ...(first === undefined
        ? [{ title: '' }]
        : [
            { title: `Δ to ${first}`, numeric: true },
            { title: `${levelText(level)} interval`, numeric: true },
          ]),
    ],
    rows,
  );
}

function differenceCells(segment: SegmentResult, baseline: string): readonly Insertable[] {
  const found = segment.comparisons.find((one) => one.metric === 'auc' && one.baseline === baseline);
  if (segment.tooSmall !== undefined) return ['–', html`<small class="why">${segment.tooSmall}</small>`];
  return [
    signed(found?.delta),
    found?.low == null
      ? html`<small class="why">${found?.reason ?? '–'}</small>`
      : range(found.low, found.high),
  ];
}

const sameSegment = (
  segments: readonly SegmentResult[],
  { by, value }: SegmentResult,
): SegmentResult | undefined => segments.find((one) => one.by === by && one.value === value);

function bySlice(
  segments: readonly SegmentResult[],
): readonly { readonly by: string; readonly segments: readonly SegmentResult[] }[] {
  return [...new Set(segments.map(({ by }) => by))].map((by) => ({
    by,
    segments: segments.filter((one) => one.by === by),
  }));
}

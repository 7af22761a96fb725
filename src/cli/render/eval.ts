// The evaluation on the terminal: metrics, differences with their intervals, segments, and what it all rests on.

import type { Comparison } from '../../evaluation/comparison/compare-models.js';
import type { EvaluationResult } from '../../evaluation/evaluation-result.js';
import { comparedTitle, type DefinedMetric, shownAt } from '../../evaluation/metrics/metric.js';
import type { SegmentResult } from '../../evaluation/segments/segment-results.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal, interval, signed } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';
import { wrap } from '../terminal/wrap.js';

/** The whole of `limaml eval`: what was found, and what to do with the run. */
export function renderEvaluated(result: RunEvaluation, style: Style, allSegments = false): string {
  return [
    renderEvaluation(result, style, allSegments),
    '',
    nextCommand('All of it on one page', 'report', result.run),
    nextCommand('Serve it', 'export', result.run, '--out', 'bundle', '--verify'),
  ].join('\n');
}

type ShownResult = EvaluationResult & Partial<Pick<RunEvaluation, 'oracle'>>;

/** Segments shown unless all are asked for. */
const MAIN_SEGMENTS = ['historyLength', 'seen'];
/** Under a replay, how old a vector may grow is what it is about. */
const REPLAY_SEGMENTS = ['historyLength', 'vectorAge'];

export function renderEvaluation(result: RunEvaluation, style: Style, allSegments = false): string {
  const { dataset, run, scores, replays, oracle, movingHistory } = result;
  const facts = pairs(
    [
      ['run', run],
      ['test rows', `${rowsText(result)} (${dataset})`],
      ['scores', style.path(scores)],
    ],
    style,
  );
  const last = replays.at(-1) ?? result;
  return [
    facts,
    '',
    ...(replays.length > 0 ? [style.chalk.bold('vectors frozen at the first test row'), ''] : []),
    ...resultTables(result, style, allSegments ? undefined : MAIN_SEGMENTS),
    ...replays.flatMap((replay) => [
      '',
      style.chalk.bold(`as it is served: ${replay.label}`),
      '',
      ...resultTables({ ...replay, oracle }, style, allSegments ? undefined : REPLAY_SEGMENTS),
    ]),
    ...(movingHistory.length === 0 ? [] : ['', ...historyWarning(movingHistory, style)]),
    '',
    ...definitions(last, style),
  ].join('\n');
}

/** `1,200 of 80 entities, 21.3 % positive`. */
export const rowsText = ({ rows, entities, labelRate }: EvaluationResult): string =>
  `${count(rows)} of ${count(entities)} entities, ${decimal(100 * labelRate, 1)} % positive`;

/** Tables of metrics, differences and segments, and what they rest on. */
export function renderResult(result: ShownResult, style: Style, allSegments: boolean): readonly string[] {
  const tables = resultTables(result, style, allSegments ? undefined : MAIN_SEGMENTS);
  return [...tables, '', ...definitions(result, style)];
}

function resultTables(
  result: ShownResult,
  style: Style,
  segments: readonly string[] | undefined,
): readonly string[] {
  return [
    metricsTable(result, style),
    ...(result.comparisons.length > 0 ? ['', comparisonsTable(result, style)] : []),
    ...segmentTables(result, style, segments),
  ];
}

/** Such features hold the very labels that metrics within an entity put in order. */
function historyWarning(features: readonly string[], { width, chalk }: Style): readonly string[] {
  const text = `group AUC and ranking metrics are biased: ${features.join(', ')} aggregate the entity's own past, and move while the rows go by (docs/metrics.md)`;
  return wrap(`warning: ${text}`, Math.min(width, 110)).map((line) => chalk.yellow(line));
}

/** Baselines first, the evaluated model last. */
function metricsTable({ metrics, models, oracle = null }: ShownResult, style: Style): string {
  const shown = shownAt('overview', metrics);
  const [evaluated, ...baselines] = models;
  const rows = [...baselines, ...(evaluated === undefined ? [] : [evaluated])].map((model) => [
    model === evaluated ? style.chalk.bold(model.model) : model.model,
    ...shown.map(({ name }) => decimal(model.metrics[name]?.value)),
  ]);
  // Synthetic data knows its true probabilities: no model can be expected to rank better than they do.
  if (oracle !== null)
    rows.push(['oracle', ...shown.map(({ name }) => (name === 'auc' ? decimal(oracle.auc) : '–'))]);
  return table(
    [{ title: 'model' }, ...shown.map((metric) => ({ title: head(metric), align: 'right' as const }))],
    rows,
    style,
  );
}

/** What a metric is called where there is little room. */
const head = (metric: DefinedMetric): string => metric.short ?? comparedTitle(metric);

function comparisonsTable({ model, metrics, comparisons, level }: ShownResult, style: Style): string {
  const { chalk } = style;
  const colour = { better: chalk.green, worse: chalk.red, undecided: chalk.dim };
  const rows = shownAt('overview', metrics).flatMap((metric) =>
    comparisons
      .filter((comparison) => comparison.metric === metric.name)
      .map((comparison) => [
        `${model} vs ${comparison.baseline}`,
        head(metric),
        signed(comparison.delta),
        intervalText(comparison),
        colour[comparison.verdict](comparison.verdict),
      ]),
  );
  return table(
    [
      { title: 'compared' },
      { title: 'metric' },
      { title: 'Δ', align: 'right' },
      { title: `${percent(level)} interval`, align: 'right' },
      { title: 'verdict' },
    ],
    rows,
    style,
  );
}

/** @param by the segments that are shown; all of them unless they are given */
function segmentTables(
  { models, model }: ShownResult,
  style: Style,
  by: readonly string[] | undefined,
): readonly string[] {
  const [evaluated, ...baselines] = models;
  const kinds = [...new Set((evaluated?.segments ?? []).map(({ by }) => by))];
  const shown = kinds.filter((kind) => by?.includes(kind) ?? true);
  return shown.flatMap((by) => {
    const own = evaluated?.segments.filter((segment) => segment.by === by) ?? [];
    const columns = [
      { title: SEGMENT_TITLES[by] ?? by },
      ...['rows', 'entities', 'positive'].map((title) => ({ title, align: 'right' as const })),
      ...baselines.map((baseline) => ({ title: `AUC ${baseline.model}`, align: 'right' as const })),
      { title: `AUC ${model}`, align: 'right' as const },
      ...(baselines.length > 0 ? [{ title: `Δ to ${baselines[0]!.model}`, align: 'right' as const }] : []),
      { title: 'interval' },
    ];
    return [
      '',
      table(
        columns,
        own.map((segment) => segmentRow(segment, baselines)),
        style,
      ),
    ];
  });
}

const SEGMENT_TITLES: Readonly<Record<string, string>> = {
  historyLength: 'history length',
  seen: 'seen in training',
  itemEvents: 'item popularity',
  sinceLast: 'since last event',
  vectorAge: 'age of the vector',
};

function segmentRow(segment: SegmentResult, baselines: ShownResult['models']): readonly string[] {
  const { by, value, rows, entities, labelRate, tooSmall, comparisons } = segment;
  const counts = [
    value,
    count(rows),
    count(entities),
    labelRate === null ? '–' : `${decimal(100 * labelRate, 1)} %`,
  ];
  const others = baselines.map((baseline) =>
    baseline.segments.find((other) => other.by === by && other.value === value),
  );
  const difference = comparisons.find(
    ({ metric, baseline }) => metric === 'auc' && baseline === baselines[0]?.model,
  );
  const own = segment.metrics['auc']?.interval ?? undefined;
  const last =
    baselines.length === 0
      ? [tooSmall ?? (own === undefined ? '–' : `[${decimal(own.low)}, ${decimal(own.high)}]`)]
      : [signed(difference?.delta), tooSmall ?? (difference === undefined ? '–' : intervalText(difference))];
  return [...counts, ...[...others, segment].map((one) => decimal(one?.metrics['auc']?.value)), ...last];
}

function definitions(
  { metrics, models, conditions }: ShownResult,
  { width, chalk }: Style,
): readonly string[] {
  // A number that must not be read without its counts, or without what chance alone would give.
  const noted = shownAt('overview', metrics).flatMap(({ name, title, definition }) => {
    const note = models[0]?.metrics[name]?.note;
    return note === undefined
      ? []
      : [`${title.charAt(0).toUpperCase()}${title.slice(1)}: ${definition} ${note}`];
  });
  const texts = [...noted, ...conditions];
  return texts.flatMap((text) => wrap(text, Math.min(width, 110))).map((line) => chalk.dim(line));
}

function intervalText({
  low,
  high,
  reason,
}: Pick<Comparison, 'low' | 'high'> & { readonly reason?: string }): string {
  return low === null || high === null ? (reason ?? '–') : interval(low, high);
}

function percent(level: number): string {
  return `${Number((100 * level).toFixed(1))} %`;
}

// The evaluation on the terminal: metrics, differences with their intervals, segments, and what it all rests on.

import type { Comparison, SegmentResult } from '../../evaluation/evaluation-result.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { count, decimal, signed } from './number.js';
import type { Style } from './style.js';
import { pairs, table } from './table.js';
import { wrap } from './wrap.js';

/** Metrics of the first table, with what they are called there. */
const METRICS = [
  ['auc', 'AUC'],
  ['groupAuc', 'group AUC'],
  ['logLoss', 'log loss'],
  ['normalizedEntropy', 'norm. entropy'],
  ['calibrationError', 'calib. error'],
] as const;

const METRIC_NAMES: Readonly<Record<string, string>> = Object.fromEntries(METRICS);

/** Segments shown unless all are asked for. */
const MAIN_SEGMENTS = ['historyLength', 'seen'];

export function renderEvaluation(result: RunEvaluation, style: Style, allSegments = false): string {
  const { rows, entities, labelRate, dataset, run, scores } = result;
  const facts = pairs(
    [
      ['run', run],
      [
        'test rows',
        `${count(rows)} of ${count(entities)} entities, ${decimal(100 * labelRate, 1)} % positive (${dataset})`,
      ],
      ['scores', style.path(scores)],
    ],
    style,
  );
  return [
    facts,
    '',
    metricsTable(result, style),
    ...(result.comparisons.length > 0 ? ['', comparisonsTable(result, style)] : []),
    ...segmentTables(result, style, allSegments),
    '',
    ...definitions(result, style),
  ].join('\n');
}

/** Baselines first, the evaluated model last. */
function metricsTable({ models, oracle }: RunEvaluation, style: Style): string {
  const [evaluated, ...baselines] = models;
  const rows = [...baselines, ...(evaluated === undefined ? [] : [evaluated])].map((model) => [
    model === evaluated ? style.chalk.bold(model.model) : model.model,
    ...METRICS.map(([name]) => decimal(model[name])),
  ]);
  // Synthetic data knows its true probabilities: no model can be expected to rank better than they do.
  if (oracle !== null) rows.push(['oracle', decimal(oracle.auc), ...METRICS.slice(1).map(() => '–')]);
  return table(
    [{ title: 'model' }, ...METRICS.map(([, title]) => ({ title, align: 'right' as const }))],
    rows,
    style,
  );
}

function comparisonsTable({ model, comparisons, level }: RunEvaluation, style: Style): string {
  const { chalk } = style;
  const colour = { better: chalk.green, worse: chalk.red, undecided: chalk.dim };
  const shown = comparisons.filter(({ metric }) => METRIC_NAMES[metric] !== undefined);
  const rows = shown.map((comparison) => [
    `${model} vs ${comparison.baseline}`,
    METRIC_NAMES[comparison.metric] ?? comparison.metric,
    signed(comparison.delta),
    interval(comparison),
    colour[comparison.verdict](comparison.verdict),
  ]);
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

function segmentTables({ models, model }: RunEvaluation, style: Style, all: boolean): readonly string[] {
  const [evaluated, ...baselines] = models;
  const kinds = [...new Set((evaluated?.segments ?? []).map(({ by }) => by))];
  const shown = all ? kinds : kinds.filter((by) => MAIN_SEGMENTS.includes(by));
  return shown.flatMap((by) => {
    const own = evaluated?.segments.filter((segment) => segment.by === by) ?? [];
    const columns = [
      { title: SEGMENT_TITLES[by] ?? by },
      ...['rows', 'entities', 'positive'].map((title) => ({ title, align: 'right' as const })),
      ...baselines.map((baseline) => ({ title: `AUC ${baseline.model}`, align: 'right' as const })),
      { title: `AUC ${model}`, align: 'right' as const },
      ...(baselines.length > 0
        ? [{ title: `Δ to ${baselines[0]!.model}`, align: 'right' as const }, { title: 'interval' }]
        : []),
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
  sinceLast: 'since last event',
};

function segmentRow(segment: SegmentResult, baselines: RunEvaluation['models']): readonly string[] {
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
  const last =
    baselines.length === 0
      ? []
      : [signed(difference?.delta), tooSmall ?? (difference === undefined ? '–' : interval(difference))];
  return [...counts, ...others.map((other) => decimal(other?.auc)), decimal(segment.auc), ...last];
}

function definitions({ models, conditions }: RunEvaluation, { width, chalk }: Style): readonly string[] {
  const detail = models[0]?.groupAucDetail;
  const texts = [
    ...(detail === undefined
      ? []
      : [
          `Group AUC: ${detail.definition} Counted: ${count(detail.entities)} entities; left out: ${count(detail.excludedEntities)} with ${count(detail.excludedRows)} rows.`,
        ]),
    ...conditions,
  ];
  return texts.flatMap((text) => wrap(text, Math.min(width, 110))).map((line) => chalk.dim(line));
}

function interval({
  low,
  high,
  reason,
}: Pick<Comparison, 'low' | 'high'> & { readonly reason?: string }): string {
  return low === null || high === null ? (reason ?? '–') : `[${signed(low)}, ${signed(high)}]`;
}

function percent(level: number): string {
  return `${Number((100 * level).toFixed(1))} %`;
}

// A bundle on events of a new day: what was measured, and whether it is above the floor.
import { shownAt } from '../../evaluation/metrics/metric.js';
import type { BundleEvaluation } from '../../workflows/evaluate-bundle.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';
import { renderResult, rowsText } from './eval.js';

export function renderBundleEvaluation(result: BundleEvaluation, style: Style, allSegments: boolean): string {
  const { bundle, hash, events, refresh, dropped, unknown, floor, vectors: stored } = result;
  const losses = Object.entries(dropped).map(([why, rows]) => `${count(rows)} ${why}`);
  const unknowns = (['entity', 'item'] as const)
    .filter((side) => unknown[side] > 0)
    .map(
      (side) => `${count(unknown[side])} events without features: the tables have nothing of their ${side}`,
    );
  const facts = pairs(
    [
      ['bundle', style.path(bundle)],
      ['hash', hash],
      ['events', `${rowsText(result)} (${events})`],
      ...(losses.length === 0 ? [] : [['left out', losses.join(', ')] as const]),
      ...(unknowns.length === 0 ? [] : [['not known', unknowns.join('\n')] as const]),
      [
        'vectors',
        stored === null
          ? VECTORS[refresh]
          : `${VECTORS[refresh]}; ${stored.type}, ${stored.bytes} bytes each`,
      ],
      ...(floor === null
        ? []
        : [
            [
              'floor',
              `AUC ${floor.auc}: ${floor.passed ? style.chalk.green('passed') : style.chalk.red('failed')} with ${decimal(floor.value)}`,
            ] as const,
          ]),
    ],
    style,
  );
  // Below its floor, the error that follows says what to do.
  const next =
    floor?.passed === false
      ? []
      : ['', nextCommand('Take them in', 'refresh', '--bundle', style.path(bundle), '--events', events)];
  return [
    facts,
    '',
    intervalsTable(result, style),
    '',
    ...renderResult(result, style, allSegments),
    ...next,
  ].join('\n');
}

/** Every model's values with their intervals: a gate looks at one bundle more often than at two. */
function intervalsTable({ metrics, models, level }: BundleEvaluation, style: Style): string {
  const rows = shownAt('headline', metrics).flatMap(({ name, title }) =>
    models.map(({ model, metrics: scores }) => {
      const range = scores[name]?.interval;
      const text = range ? `${decimal(range.low)} to ${decimal(range.high)}` : (scores[name]?.reason ?? '–');
      return [title, model, decimal(scores[name]?.value), text];
    }),
  );
  return table(
    [
      { title: 'metric' },
      { title: 'model' },
      { title: 'value', align: 'right' },
      { title: `${Number((100 * level).toFixed(1))} % interval`, align: 'right' },
    ],
    rows,
    style,
  );
}

const VECTORS: Readonly<Record<BundleEvaluation['refresh'], string>> = {
  none: 'as they are in the bundle',
  '1h': 'refreshed at every whole hour (UTC)',
  '1d': 'refreshed at every whole day (UTC)',
  event: 'refreshed with every event',
};

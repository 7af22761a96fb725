// Runs side by side on the terminal.

import type { ComparedLine, RunComparison } from '../../workflows/compare.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { wrap } from '../terminal/wrap.js';

export function renderComparison(comparison: RunComparison, style: Style): string {
  const { runs, differences, metrics, seeds, cautions } = comparison;
  const heads = runs.map(({ id }) => ({ title: id, align: 'right' as const }));
  const settings = differences.map(({ name, values }) => [
    name,
    ...values.map((value) => (value === null ? '–' : String(value))),
  ]);
  return [
    settings.length === 0
      ? 'The runs were set up alike.'
      : table([{ title: 'set differently' }, ...heads], settings, style),
    '',
    table([{ title: 'came out' }, ...heads], metrics.map(metricRow), style),
    ...(seeds.length === 0
      ? []
      : [
          '',
          table(
            [
              { title: 'over seeds' },
              { title: 'seeds', align: 'right' },
              { title: 'mean', align: 'right' },
              { title: 'deviation', align: 'right' },
            ],
            seeds.map((spread) => [
              spread.title,
              spread.values.map(({ seed }) => String(seed)).join(', '),
              decimal(spread.mean),
              decimal(spread.standardDeviation),
            ]),
            style,
          ),
        ]),
    ...(cautions.length === 0 ? [] : ['', ...cautions.flatMap((text) => wrap(text, style.width))]),
    '',
    nextCommand(
      'Every setting in which two of them part',
      'runs',
      'diff',
      ...runs.slice(0, 2).map(({ id }) => id),
    ),
  ].join('\n');
}

function metricRow({ name, title = name, decimals, values }: ComparedLine): readonly string[] {
  const shown = values.map((value) => {
    if (typeof value !== 'number') return '–';
    return decimals === 0 ? count(value) : decimal(value, decimals);
  });
  return [title, ...shown];
}

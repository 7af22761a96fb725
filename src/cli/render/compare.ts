// Runs side by side on the terminal.

import { metricName } from '../../report/text/metric-names.js';
import type { ComparedLine, RunComparison } from '../../workflows/compare.js';
import { count, decimal } from './number.js';
import type { Style } from './style.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

/** Lines of whole numbers; the others have four decimals. */
const WHOLE = ['epochs', 'best epoch', 'test rows'];

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
              lineName(spread.metric),
              spread.seeds.join(', '),
              decimal(spread.mean),
              decimal(spread.deviation),
            ]),
            style,
          ),
        ]),
    ...(cautions.length === 0 ? [] : ['', ...cautions.flatMap((text) => wrap(text, style.width))]),
  ].join('\n');
}

function metricRow({ name, values }: ComparedLine): readonly string[] {
  const shown = values.map((value) => {
    if (typeof value !== 'number') return '–';
    if (WHOLE.includes(name)) return count(value);
    return name === 'seconds' ? value.toFixed(1) : decimal(value);
  });
  return [lineName(name), ...shown];
}

/** `test group AUC` for `test groupAuc`: metrics are called what they are called everywhere. */
const lineName = (name: string): string => name.replace(/\S+$/, metricName);

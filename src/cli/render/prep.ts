// What prep made: where it is, how many of what, how it is cut, and what was dropped.
import type { CheckedResult } from '../../prep/check-prepared.js';
import type { PrepareResult } from '../../prep/prepare.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';

/** `recipe`: how `limaml train` names a recipe of this data set, where there is one. */
export function renderPrep(
  result: PrepareResult | CheckedResult,
  style: Style,
  recipe: string | undefined,
): string {
  const { dataset, path, hash, rows, entities, items, splits, dropped, reused, problems } = result;
  const { chalk } = style;
  const cut = table(
    [
      { title: 'split' },
      ...['rows', 'entities', 'items', 'label rate'].map((title) => ({ title, align: 'right' as const })),
      { title: 'from' },
      { title: 'to' },
    ],
    (['train', 'valid', 'test'] as const).map((name) => {
      const split = splits[name];
      return [
        name,
        count(split.rows),
        count(split.entities),
        count(split.items),
        split.rows === 0 ? '–' : decimal(split.labelRate),
        day(split.fromMs),
        day(split.toMs),
      ];
    }),
    style,
  );
  const losses = Object.entries(dropped).filter(([, number]) => number > 0);
  return [
    pairs(
      [
        [
          'data set',
          `${dataset}${'checked' in result ? ' (checked: every file and row keeps the format)' : reused ? ' (prepared before, nothing had changed)' : ''}`,
        ],
        ['path', style.path(path)],
        ['hash', hash],
        ['rows', `${count(rows)} of ${count(entities)} entities and ${count(items)} items`],
        [
          'dropped',
          losses.length === 0 ? 'none' : losses.map(([why, number]) => `${count(number)} ${why}`).join(', '),
        ],
      ],
      style,
    ),
    '',
    cut,
    '',
    ...problems.map(({ text, next }) => `${chalk.yellow('warning')}  ${text} ${next}`),
    problems.length > 0
      ? 'Change the descriptor, then prepare again.'
      : recipe !== undefined
        ? `Next: limaml train ${recipe}`
        : `Next: write experiments/${dataset}/experiment.yaml with "name: ${dataset}", "dataset: ${'checked' in result ? path : dataset}" and "model: { name: limaml }", then: limaml train ${dataset}`,
  ].join('\n');
}

function day(ms: number | null): string {
  return ms === null ? '–' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

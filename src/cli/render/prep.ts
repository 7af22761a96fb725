// What prep made: where it is, how many of what, how it is cut, and what was dropped.
import { basename } from 'node:path';
import type { CheckedResult } from '../../prep/check-prepared.js';
import type { PrepareResult } from '../../prep/prepare-result.js';
import type { SealedResult } from '../../workflows/seal-folder.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';

/** What was prepared of a raw log: whether there is a recipe of its name, and the flags with which that is trained on this very data. */
interface Prepared {
  readonly known: boolean;
  readonly typed: readonly string[];
}

export function renderPrep(
  result: PrepareResult | CheckedResult | SealedResult,
  style: Style,
  raw?: Prepared,
): string {
  const { dataset, path, hash, rows, entities, items, splits, dropped, problems } = result;
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
        ['data set', `${dataset}${made(result)}`],
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
    ...(problems.length > 0
      ? [`Change the ${raw === undefined ? 'program that wrote it' : 'descriptor'}, then prepare again.`]
      : nextLines(dataset, style.path(path), raw)),
  ].join('\n');
}

/** A folder that another program may have prepared gets a recipe of the folder's name: one of the data set's may be there. */
function nextLines(dataset: string, path: string, raw: Prepared | undefined): readonly string[] {
  if (raw?.known === true) return [nextCommand('Next', 'train', dataset, ...raw.typed)];
  const [of, name] = raw === undefined ? [path, basename(path)] : [dataset, dataset];
  const recipe = name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
  return [
    nextCommand('Write a recipe for it', 'new', recipe, '--dataset', of),
    nextCommand('Then train it', 'train', recipe, ...(raw?.typed ?? [])),
  ];
}

function made(result: PrepareResult | CheckedResult | SealedResult): string {
  if ('checked' in result) return ' (checked: every file and row keeps the format)';
  if ('sealed' in result) return ' (sealed: every row keeps the format)';
  return result.reused ? ' (prepared before, nothing had changed)' : '';
}

function day(ms: number | null): string {
  return ms === null ? '–' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

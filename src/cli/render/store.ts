// What a store keeps, and what was published to it.
import type { StoreContent } from '../../bundle/published/manage.js';
import type { Pushed } from '../../bundle/published/push.js';
import { nextCommand } from '../terminal/next-command.js';
import { count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';

type Fact = readonly [string, string];

/** Facts of a bundle that was published, none where it was not. */
export function publishedFacts(published: Pushed | null): readonly Fact[] {
  if (published === null) return [];
  const { store, before, wrote, rows } = published;
  const what = {
    all: `all ${count(rows)} rows`,
    changes: `${count(rows)} rows that changed`,
    nothing: 'it was there already',
  };
  return [
    ['published', `${store}: ${what[wrote]}`],
    ['served before', before === null ? 'nothing' : before.slice(0, 12)],
  ];
}

export function renderPushed(pushed: Pushed, style: Style): string {
  return [
    pairs([['bundle', pushed.hash], ...publishedFacts(pushed)], style),
    '',
    nextCommand('What it keeps', 'store', 'show', pushed.store),
  ].join('\n');
}

export function renderStore({ store, current, bundles, removed }: StoreContent, style: Style): string {
  const facts = pairs(
    [
      ['store', store],
      ['serves', current?.slice(0, 12) ?? 'nothing yet'],
      ...(removed > 0 ? [['removed', `${count(removed)} rows`] as const] : []),
    ],
    style,
  );
  if (bundles.length === 0) return facts;
  const rows = bundles.map(({ hash, entities, cutoffMs }) => [
    hash.slice(0, 12),
    hash === current ? 'yes' : '',
    count(entities),
    cutoffMs === null ? '–' : new Date(cutoffMs).toISOString(),
  ]);
  const columns = [
    { title: 'bundle' },
    { title: 'serves' },
    { title: 'vectors', align: 'right' as const },
    { title: 'latest event' },
  ];
  const next = `${nextCommand('Score rows with what serves', 'score', '--from', store, '--lookup')} < rows.csv`;
  return [facts, '', table(columns, rows, style), ...(current === null ? [] : ['', next])].join('\n');
}

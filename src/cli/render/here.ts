// What is here, and the next command.
import type { Overview } from '../../workflows/overview.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';

export function renderOverview(found: Overview, style: Style): string {
  const { datasets, prepared, experiments, bundles, unread, next } = found;
  const steps = next.map(({ what, words }) => nextCommand(what, ...words));
  const none = datasets.length + prepared.length + experiments.length + bundles.length === 0;
  const facts = [
    ...(datasets.length === 0 ? [] : [['data sets', datasets.join(', ')] as const]),
    ...prepared.map(
      ({ path, dataset, rows }) =>
        [
          'prepared',
          `${style.path(path)}  ${dataset}${rows === null ? '' : `, ${count(rows)} rows`}`,
        ] as const,
    ),
    ...bundles.map(
      ({ path, model, run, fault }) =>
        ['bundle', `${style.path(path)}  ${fault === null ? `${model}, run ${run}` : fault}`] as const,
    ),
    ...(unread.length === 0
      ? []
      : [['damaged', `${count(unread.length)} runs: limaml runs names them`] as const]),
  ];
  return [
    none ? 'Nothing of limaml is here yet.' : pairs(facts, style),
    ...(experiments.length === 0 ? [] : ['', experimentsTable(found, style)]),
    '',
    ...steps,
    nextCommand('All commands', '--help'),
  ].join('\n');
}

function experimentsTable({ experiments }: Overview, style: Style): string {
  return table(
    [
      { title: 'experiment' },
      { title: 'runs', align: 'right' },
      { title: 'finished', align: 'right' },
      { title: 'best run' },
      { title: 'valid AUC', align: 'right' },
      { title: 'test AUC', align: 'right' },
      { title: 'tags', optional: true },
    ],
    experiments.map(({ name, runs, finished, best, tags }) => [
      name,
      count(runs),
      count(finished),
      best?.run ?? '–',
      decimal(best?.valid),
      decimal(best?.test),
      tags.join(', '),
    ]),
    style,
  );
}

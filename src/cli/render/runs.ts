// The list of runs on the terminal.
import { duration } from '../../amounts.js';
import type { SelectedRun } from '../../runs/select.js';
import type { UnreadRun } from '../../runs/unread.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { type Column, table } from '../terminal/table.js';

interface ListedRuns {
  readonly runs: readonly SelectedRun[];
  readonly unread: readonly UnreadRun[];
  /** Runs there are, shown or not. */
  readonly all: number;
}

/** Fields that have a column of their own. */
const SHOWN = new Set([
  'run',
  'experiment',
  'model',
  'dataset',
  'data',
  'state',
  'tag',
  'seed',
  'epochs',
  'seconds',
  'auc',
  'valid.auc',
  'baseline',
]);

export function renderRuns({ runs, unread, all }: ListedRuns, style: Style): string {
  if (all === 0 && unread.length > 0) return 'No run here can be read.';
  if (all === 0)
    return ['No runs in experiments/*/runs here.', '', nextCommand('Train one', 'train', 'synthetic')].join(
      '\n',
    );
  if (runs.length === 0) return `None of the ${count(all)} runs here is of that kind.`;
  const extra = Object.keys(runs[0]!.fields).filter((field) => !SHOWN.has(field));
  const rows = runs.map((run) => [
    run.experiment,
    run.id,
    run.state,
    run.baselineOf === null ? run.model : `${run.model} (baseline)`,
    String(run.seed),
    ...extra.map((field) => fieldText(run.fields[field])),
    run.epochs === null ? '–' : String(run.epochs),
    decimal(run.best?.auc),
    decimal(run.test?.['auc']),
    run.seconds === null ? '–' : duration(run.seconds),
    run.dataset,
    [...run.tags, ...(run.note === null ? [] : [`“${run.note}”`])].join(' '),
  ]);
  const marked = runs.some(({ tags, note }) => tags.length > 0 || note !== null);
  const columns: readonly Column[] = [
    { title: 'experiment' },
    { title: 'run' },
    { title: 'state' },
    { title: 'model' },
    { title: 'seed', align: 'right' },
    ...extra.map((title): Column => ({ title, align: 'right' })),
    { title: 'epochs', align: 'right', optional: true },
    { title: 'valid AUC', align: 'right' },
    { title: 'test AUC', align: 'right' },
    { title: 'time', align: 'right', optional: true },
    { title: 'data set', optional: true },
    ...(marked ? [{ title: 'tags', optional: true }] : []),
  ];
  return [
    table(columns, marked ? rows : rows.map((row) => row.slice(0, -1)), style),
    ...(runs.length < all ? ['', `${count(runs.length)} of ${count(all)} runs`] : []),
    '',
    nextCommand('One run in full', 'runs', 'show', nextRun(runs)),
  ].join('\n');
}

/** The best where the runs shown can be compared, else the newest. */
function nextRun(runs: readonly SelectedRun[]): string {
  const [first] = runs;
  const alike = runs.every(
    ({ experiment, dataHash }) => experiment === first!.experiment && dataHash === first!.dataHash,
  );
  return alike && runs.some(({ state }) => state === 'finished')
    ? `best@${first!.experiment}`
    : runs.at(-1)!.id;
}

function fieldText(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' && !Number.isInteger(value) ? decimal(value) : String(value);
}

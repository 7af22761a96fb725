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
  /** Runs that the conditions hold for, shown or not. */
  readonly selected: number;
  /** Runs there are. */
  readonly all: number;
  readonly where: readonly string[];
  readonly sort: string | undefined;
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

export function renderRuns(list: ListedRuns, style: Style): string {
  const { runs, unread, all } = list;
  if (all === 0 && unread.length > 0) return 'No run here can be read.';
  if (all === 0)
    return ['No runs in experiments/*/runs here.', '', nextCommand('Train one', 'train', 'synthetic')].join(
      '\n',
    );
  if (runs.length === 0) return `None of the ${count(all)} runs here is of that kind.`;
  const extra = Object.keys(runs[0]!.fields).filter((field) => !SHOWN.has(field));
  const marked = runs.some(({ tags, note }) => tags.length > 0 || note !== null);
  const rows = runs.map((run) => [
    run.experiment,
    run.id,
    run.state,
    run.baselineOf === null ? run.model : `${run.model} (baseline)`,
    String(run.seed),
    ...extra.map((field) => fieldText(run.fields[field])),
    decimal(run.best?.auc),
    decimal(run.test?.['auc']),
    ...(marked ? [[...run.tags, ...(run.note === null ? [] : [`“${run.note}”`])].join(' ')] : []),
    run.epochs === null ? '–' : String(run.epochs),
    run.seconds === null ? '–' : duration(run.seconds),
    run.dataset,
  ]);
  const columns: readonly Column[] = [
    { title: 'experiment', optional: runs.every(({ experiment }) => experiment === runs[0]!.experiment) },
    { title: 'run' },
    { title: 'state', optional: true },
    { title: 'model' },
    { title: 'seed', align: 'right', optional: true },
    ...extra.map((title): Column => ({ title, align: 'right' })),
    { title: 'valid AUC', align: 'right' },
    { title: 'test AUC', align: 'right' },
    ...(marked ? [{ title: 'tags', optional: true }] : []),
    { title: 'epochs', align: 'right', optional: true },
    { title: 'time', align: 'right', optional: true },
    { title: 'data set', optional: true },
  ];
  return [
    table(columns, rows, style),
    ...(runs.length < all ? ['', ...leftOut(list)] : []),
    '',
    nextCommand('One run in full', 'runs', 'show', nextRun(runs)),
  ].join('\n');
}

/** How many are not shown, and the command that shows them. */
function leftOut({ runs, selected, all, where, sort }: ListedRuns): readonly string[] {
  if (runs.length === selected) return [`${count(selected)} of ${count(all)} runs`];
  const matching =
    selected === all ? `${count(all)} runs` : `${count(selected)} that match, ${count(all)} in all`;
  const flags = [
    ...where.flatMap((text) => ['--where', text]),
    ...(sort === undefined ? [] : ['--sort', sort]),
  ];
  return [
    `The ${sort === undefined ? 'newest' : 'first'} ${count(runs.length)} of ${matching}`,
    nextCommand('All of them', 'runs', ...flags, '--limit', 'all'),
  ];
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

// Tags given and runs removed, on the terminal.
import type { RemovedRuns } from '../../workflows/remove-runs.js';
import { nextCommand } from '../terminal/next-command.js';
import { bytes, count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

interface Tagged {
  readonly run: string;
  readonly experiment: string;
  readonly tag: string;
  /** The run that had the tag before. */
  readonly movedFrom: string | null;
}

export function renderTagged({ run, experiment, tag, movedFrom }: Tagged): string {
  return [
    `run ${run} of ${experiment} is "${tag}"${movedFrom === null ? '' : `, no longer run ${movedFrom}`}`,
    '',
    nextCommand('Serve it', 'export', `${experiment}/${tag}`, '--out', 'bundle', '--verify'),
  ].join('\n');
}

export const renderUntagged = ({ run, experiment, tag }: Omit<Tagged, 'movedFrom'>): string =>
  [
    `run ${run} of ${experiment} is no longer "${tag}"`,
    '',
    nextCommand('All runs of it', 'runs', '--where', `experiment=${experiment}`),
  ].join('\n');

interface Noted {
  readonly run: string;
  readonly experiment: string;
  readonly note: string | null;
}

export const renderNoted = ({ run, experiment, note }: Noted): string =>
  [
    note === null
      ? `run ${run} of ${experiment} has no note`
      : `noted on run ${run} of ${experiment}: ${note}`,
    '',
    nextCommand('Where it is shown', 'runs', '--where', `experiment=${experiment}`),
  ].join('\n');

/** `words`: the command that removes them. */
export function renderRemoved(
  { removed, dryRun }: RemovedRuns,
  words: readonly string[],
  style: Style,
): string {
  if (removed.length === 0) return 'Nothing to remove.';
  const total = removed.reduce((sum, { bytes: size }) => sum + size, 0);
  return [
    table(
      [{ title: 'experiment' }, { title: 'run' }, { title: 'why' }, { title: 'size', align: 'right' }],
      removed.map(({ experiment, run, why, bytes: size }) => [experiment, run, why, bytes(size)]),
      style,
    ),
    '',
    `${dryRun ? 'would remove' : 'removed'} ${count(removed.length)} ${removed.length === 1 ? 'run' : 'runs'}, ${bytes(total)}`,
    '',
    dryRun ? nextCommand('Remove them', ...words) : nextCommand('What is left', 'runs'),
  ].join('\n');
}

// What was guessed of a log, how sure, and why.
import type { InitResult } from '../../onboard/sniff/init-descriptor.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

export function renderInit({ path, descriptor, guesses }: InitResult, style: Style): string {
  const { chalk } = style;
  const rows = guesses.map(({ what, value, confidence, reason }) => [
    what,
    value ?? chalk.yellow('TODO'),
    confidence,
    reason,
  ]);
  const open = guesses.filter(({ value, what }) => value === null && !what.startsWith('feature ')).length;
  return [
    `wrote ${style.path(path)}`,
    '',
    table([{ title: 'what' }, { title: 'guess' }, { title: 'how sure' }, { title: 'why' }], rows, style),
    '',
    open > 0
      ? `Settle the ${open} TODO in it, then look at the data: limaml prep ${descriptor.name} --dry-run`
      : `Look at the data: limaml prep ${descriptor.name} --dry-run`,
  ].join('\n');
}

// What was guessed of a log, how sure, and why.
import type { InitResult } from '../../onboard/sniff/init-descriptor.js';
import { nextCommand } from '../terminal/next-command.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

export function renderInit(result: InitResult, style: Style): string {
  const { path, guesses, unsettled, recipe, names } = result;
  const { chalk } = style;
  const rows = guesses.map(({ what, value, confidence, reason }) => [
    what,
    value ?? (what.startsWith('feature ') ? '–' : chalk.yellow('TODO')),
    confidence,
    reason,
  ]);
  return [
    `wrote ${style.path(path)}`,
    recipe.written ? `wrote ${style.path(recipe.path)}` : `kept  ${style.path(recipe.path)}, which was there`,
    '',
    table([{ title: 'what' }, { title: 'guess' }, { title: 'how sure' }, { title: 'why' }], rows, style),
    '',
    nextCommand(
      unsettled.length > 0
        ? `Settle what begins with TODO in ${style.path(path)} (${unsettled.join(', ')}), then`
        : 'Next',
      'prep',
      names.dataset,
      '--dry-run',
    ),
  ].join('\n');
}

// A sweep's leaderboard, a table a model, and the command that trains each winner.
import { duration } from '../../amounts.js';
import { settings } from '../../config/overrides.js';
import type { Leaderboard, ModelBoard } from '../../workflows/sweep/leaderboard.js';
import { nextCommand } from '../terminal/next-command.js';
import { decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { wrap } from '../terminal/wrap.js';

/** More is in the page and in the JSON. */
const SHOWN = 10;

/** `typed`: flags that the trials had, which what won has to have too. */
export function renderSweep(
  board: Leaderboard & { readonly page: string; readonly tuned: string | null },
  recipe: string,
  typed: readonly string[],
  style: Style,
): string {
  const { models, metric, page, tuned } = board;
  return [
    ...models.flatMap((model) => [renderBoard(model, metric, style), '']),
    ...wrap(
      `Ranked on validation rows; test rows were not looked at. The best of many trials is flattered by its own choice: eval says what it is worth. All trials: ${style.path(page)}`,
      style.width,
    ),
    '',
    ...(tuned === null ? [] : [nextCommand('Train what won', 'train', style.path(tuned), ...typed)]),
    ...models.flatMap(({ model, best }) =>
      best === null || tuned !== null
        ? []
        : [
            nextCommand(
              `Train ${model}`,
              'train',
              recipe,
              ...(model === board.model ? [] : ['--model', model]),
              ...typed,
              ...settings(best.assignment).flatMap((text) => ['--set', text]),
            ),
          ],
    ),
  ].join('\n');
}

function renderBoard({ model, trials, spent }: ModelBoard, metric: string, style: Style): string {
  const head = `${style.chalk.bold(model)}  ${spent.trials} trials, ${spent.epochs} epochs, ${duration(spent.seconds)}`;
  const right = (title: string) => ({ title, align: 'right' as const });
  const rows = trials
    .slice(0, SHOWN)
    .map(({ trial, value, bestEpoch, epochs, assignment, failure }) => [
      String(trial),
      failure ?? decimal(value),
      bestEpoch === null ? '–' : `${bestEpoch} of ${epochs}`,
      trial === 0 ? 'the recipe as it stands' : settings(assignment).join(' '),
    ]);
  const columns = [right('trial'), right(`valid ${metric}`), right('epoch'), { title: 'set' }];
  const more =
    trials.length > SHOWN ? [style.chalk.dim(`and ${trials.length - SHOWN} more in the page`)] : [];
  return [head, '', table(columns, rows, style), ...more].join('\n');
}

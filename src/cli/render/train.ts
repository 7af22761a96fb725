// What training made.
import { duration } from '../../amounts.js';
import type { TrainRunResult } from '../../workflows/train.js';
import { nextCommand } from '../terminal/next-command.js';
import { decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs } from '../terminal/table.js';

export function renderTrained(result: TrainRunResult, style: Style): string {
  const { run, path, model, dataset, seed, epochs, best, seconds, resumed, headShare } = result;
  return [
    pairs(
      [
        ['run', `${run}${resumed ? ' (resumed)' : ''}`],
        ['path', style.path(path)],
        ['model', `${model} on ${dataset}, seed ${seed}`],
        ['best', `validation AUC ${decimal(best.auc)} at epoch ${best.epoch} of ${epochs}`],
        ...(headShare === undefined
          ? []
          : [
              [
                'heads',
                `${headShare.share} of the ids head, chosen on validation rows: score ${decimal(headShare.score)}, ${decimal(headShare.before)} before`,
              ] as const,
            ]),
        ['took', duration(seconds)],
      ],
      style,
    ),
    '',
    nextCommand('Measure it', 'eval', run, '--baseline', model === 'widedeep' ? 'deep' : 'widedeep'),
  ].join('\n');
}

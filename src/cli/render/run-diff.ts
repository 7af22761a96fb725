// Where two runs part, on the terminal.
import type { RunDiff } from '../../workflows/diff-runs.js';
import { nextCommand } from '../terminal/next-command.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

export function renderDiff(
  { runs, differences, equalEpochs, parted, sameModel }: RunDiff,
  style: Style,
): string {
  const [a, b] = runs;
  const rows = differences.map(({ kind, name, values }) => [
    kind,
    name,
    ...values.map((value) => value ?? '–'),
  ]);
  return [
    differences.length === 0
      ? `Runs ${a} and ${b} were made with the same.`
      : table([{ title: '' }, { title: 'differs' }, { title: a }, { title: b }], rows, style),
    '',
    parted === null
      ? `All ${equalEpochs} epochs are equal to the last digit.`
      : `They part at ${parted.phase === 'select' ? '' : 'refit '}epoch ${parted.epoch}, after ${equalEpochs} equal ones: ${parted.name} ${parted.values.map((value) => value ?? 'none').join(' and ')}.`,
    ...(sameModel === null
      ? []
      : [`The trained models are ${sameModel ? 'the same bytes' : 'not the same'}.`]),
    '',
    nextCommand('What came out of them', 'compare', a, b),
  ].join('\n');
}

// What `limaml results` found, in short: differences in AUC, and where the rest is.
import type { WrittenResults } from '../../report/results/write-results.js';
import type { ExperimentResults } from '../../workflows/results/results.js';
import { protocolTitle } from '../../workflows/results/texts.js';
import { decimal, signed } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

export function renderResults(
  {
    experiments,
    written,
  }: { readonly experiments: readonly ExperimentResults[]; readonly written: WrittenResults },
  style: Style,
): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'experiment' },
    { title: 'vectors' },
    { title: 'model' },
    right('AUC'),
    right('Δ'),
    right('interval'),
  ];
  const rows = experiments.flatMap(({ experiment, protocols }) =>
    protocols.flatMap(({ protocol, models }) =>
      models.map(({ model, numbers, difference }) => {
        const auc = difference?.[0];
        return [
          experiment,
          protocolTitle(protocol),
          model,
          decimal(numbers[0]?.mean),
          signed(auc?.mean),
          auc?.low == null ? '–' : `[${signed(auc.low)}, ${signed(auc.high)}]`,
        ];
      }),
    ),
  );
  return [
    table(columns, rows, style),
    '',
    `Δ is the experiment's model less the row's; intervals are over members and seeds together.`,
    `Written: ${style.path(written.path)}, ${style.path(written.figure)}, ${style.path(written.json)}`,
  ].join('\n');
}

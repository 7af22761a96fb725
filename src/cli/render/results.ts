// What `limaml results` found, in short: differences in AUC, and where the rest is. Several seeds of one recipe are shown the same way.
import type { WrittenResults } from '../../report/results/write-results.js';
import type { ProtocolResults } from '../../workflows/results/collate.js';
import type { EvaluatedSeeds } from '../../workflows/results/evaluate-seeds.js';
import type { ExperimentResults } from '../../workflows/results/results.js';
import { protocolTitle } from '../../workflows/results/texts.js';
import type { TrainedSeeds } from '../../workflows/results/train-seeds.js';
import { nextCommand } from '../terminal/next-command.js';
import { decimal, signed } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';

export function renderResults(
  {
    experiments,
    written,
  }: { readonly experiments: readonly ExperimentResults[]; readonly written: WrittenResults },
  style: Style,
): string {
  return [
    differencesTable(experiments, style),
    '',
    `Δ is the experiment's model less the row's; ${TOGETHER}`,
    `Written: ${style.path(written.path)}, ${style.path(written.figure)}, ${style.path(written.json)}`,
    '',
    ...experiments.map(({ experiment }) =>
      nextCommand('Its runs on one page, with segments and curves', 'report', experiment),
    ),
  ].join('\n');
}

const TOGETHER = 'intervals are over members and seeds together.';

interface Shown {
  readonly experiment: string;
  readonly protocols: readonly ProtocolResults[];
}

const right = (title: string) => ({ title, align: 'right' as const });

function differencesTable(experiments: readonly Shown[], style: Style): string {
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
  return table(columns, rows, style);
}

/** `limaml train` of several seeds. */
export function renderTrainedSeeds(
  { model, dataset, runs, protocols }: TrainedSeeds,
  recipe: string,
  typed: readonly string[],
  style: Style,
): string {
  return [
    pairs([['model', `${model} on ${dataset}, seeds ${runs.map(({ seed }) => seed).join(', ')}`]], style),
    '',
    table(
      [right('seed'), { title: 'run' }, right('best epoch'), right('validation AUC')],
      runs.map(({ seed, run, best }) => [`${seed}`, run, `${best.epoch}`, decimal(best.auc)]),
      style,
    ),
    '',
    table(
      [{ title: 'test rows' }, right('AUC'), right('one seed'), right('interval')],
      protocols.map(({ protocol, models }) => {
        const auc = models[0]?.numbers[0];
        return [
          protocolTitle(protocol),
          decimal(auc?.mean),
          `± ${decimal(auc?.deviation)}`,
          auc?.low == null ? '–' : `[${decimal(auc.low)}, ${decimal(auc.high)}]`,
        ];
      }),
      style,
    ),
    '',
    `AUC is the mean over seeds; ${TOGETHER}`,
    '',
    nextCommand('Hold it against baselines', 'results', recipe, ...typed),
  ].join('\n');
}

/** `limaml eval --seeds`. */
export function renderEvaluatedSeeds(
  { model, dataset, runs, protocols }: EvaluatedSeeds,
  experiment: string,
  style: Style,
): string {
  return [
    pairs([['seeds', runs.map(({ seed, run }) => `${seed} (${run})`).join(', ')]], style),
    '',
    differencesTable([{ experiment: dataset, protocols }], style),
    '',
    `AUC is the mean over seeds, Δ is ${model} less the row's; ${TOGETHER}`,
    '',
    nextCommand('Its runs on one page, with segments and curves', 'report', experiment),
  ].join('\n');
}

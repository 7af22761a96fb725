// RESULTS.md: tables of what `limaml results` found; nothing in it is written by hand.
import { decidingDigits } from '../../deciding-digits.js';
import type { OverSeeds } from '../../evaluation/over-seeds.js';
import { type ModelRow, type ProtocolResults, SHOWN } from './collate.js';
import type { ExperimentResults } from './results.js';

/** `command` is what makes the file again; `figure` the file that lies beside it. */
export function resultsMarkdown(all: readonly ExperimentResults[], command: string, figure: string): string {
  return `# Results

Written by \`${command}\`. Means over seeds on the same test rows. Each interval covers both other members and other seeds: its variance
is the one over members (bootstrap) plus that of the seeds' mean (docs/metrics.md). Epochs and options were chosen on validation rows.
A difference is the experiment's model less the model of the row; bold where the interval is clear of 0.

![Differences in AUC](${figure})

${all.map(experimentText).join('\n\n')}
`;
}

function experimentText(results: ExperimentResults): string {
  const { experiment, dataset, dataHash, model, seeds, runs, oracle, movingHistory, protocols, level } =
    results;
  const lines = [
    `Data ${dataset} (hash ${dataHash.slice(0, 12)}), model \`${model}\`, seeds ${seeds.join(', ')}, ${Math.round(100 * level)} % intervals.`,
    ...(oracle === null ? [] : [`The true probabilities reach an AUC of ${oracle.toFixed(4)}.`]),
    ...(movingHistory.length === 0
      ? []
      : [
          `Group AUC is biased by features that count a member's own past: ${movingHistory.map((name) => `\`${name}\``).join(', ')}.`,
        ]),
    `Runs: ${runs.map((run) => `\`${run}\``).join(', ')}.`,
  ];
  return [`## ${experiment}`, lines.join(' '), ...protocols.map(protocolText)].join('\n\n');
}

function protocolText({ protocol, rows, entities, models }: ProtocolResults): string {
  const columns = SHOWN.flatMap(({ title }) => [title, 'Δ']);
  const head = [
    `| ${protocol === 'frozen' ? 'vectors frozen' : protocol} | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
  ];
  const body = models.map((row) => `| \`${row.model}\` | ${cells(row).join(' | ')} |`);
  return [
    ...head,
    ...body,
    '',
    `${rows.toLocaleString('en')} rows of ${entities.toLocaleString('en')} members`,
  ].join('\n');
}

function cells({ numbers, difference }: ModelRow): readonly string[] {
  return numbers.flatMap((number, place) => [valueText(number), differenceText(difference?.[place] ?? null)]);
}

function valueText(number: OverSeeds | null): string {
  if (number === null) return '–';
  const spread = number.deviation === null ? '' : ` ± ${number.deviation.toFixed(4)}`;
  return `${number.mean.toFixed(4)}${spread}`;
}

/** An interval that touches 0 shows the digit that decides. */
function differenceText(number: OverSeeds | null): string {
  if (number === null) return '–';
  const { mean, low, high } = number;
  if (low === null || high === null) return signed(mean, 4);
  const digits = decidingDigits([low, high], 4);
  const text = `${signed(mean, digits)} [${signed(low, digits)}, ${signed(high, digits)}]`;
  return low > 0 || high < 0 ? `**${text}**` : text;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? '−' : '+'}${text}`;
}

// RESULTS.md: tables of what `limaml results` found; nothing in it is written by hand.
import { type ModelRow, type ProtocolResults, SHOWN } from './collate.js';
import type { ExperimentResults } from './results.js';
import { summaryTable } from './summary.js';
import { differenceText, protocolTitle, valueText } from './texts.js';

/** `command` is what makes the file again; `figure` the file that lies beside it. */
export function resultsMarkdown(all: readonly ExperimentResults[], command: string, figure: string): string {
  return `# Results

Written by \`${command}\`. Means over seeds on the same test rows. Each interval covers both other members and other seeds: its variance
is the one over members (bootstrap) plus that of the seeds' mean (docs/metrics.md). Epochs and options were chosen on validation rows.
A difference is the recipe's model less the other; bold where the interval is clear of 0. New members have no event before the scored
rows, those of 1-5 events that many, under every protocol.

${summaryTable(all)}

![Differences in AUC](${figure})

${all.map(experimentText).join('\n\n')}
`;
}

function experimentText(results: ExperimentResults): string {
  const { experiment, dataset, dataHash, model, seeds, runs, oracle, movingHistory, protocols, level } =
    results;
  const lines = [
    `Data ${dataset} (hash ${dataHash.slice(0, 12)}), model \`${model}\`, ${seedsText(seeds)}, ${Math.round(100 * level)} % intervals.`,
    ...(oracle === null ? [] : [`The true probabilities reach an AUC of ${oracle.toFixed(4)}.`]),
    ...(movingHistory.length === 0
      ? []
      : [
          `Group AUC is biased by features that count a member's own past: ${movingHistory.map((name) => `\`${name}\``).join(', ')}.`,
        ]),
    `Runs: ${runs.map((run) => `\`${run}\``).join(', ')}; on a page each, with segments and curves: \`limaml report ${runs[0] ?? experiment}\`, side by side: \`limaml report ${experiment}\`.`,
  ];
  return [`## ${experiment}`, lines.join(' '), ...protocols.map(protocolText)].join('\n\n');
}

/** One seed says nothing of others, which the head of the page would have it do. */
const seedsText = (seeds: readonly number[]): string =>
  seeds.length === 1
    ? `**seed ${seeds[0]} alone, so the intervals cover other members and no other seeds**`
    : `seeds ${seeds.join(', ')}`;

function protocolText({ protocol, rows, entities, models }: ProtocolResults): string {
  const columns = SHOWN.flatMap(({ title }) => [title, 'Δ']);
  const head = [
    `| ${protocolTitle(protocol)} | ${columns.join(' | ')} |`,
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
  return numbers.flatMap((number, place) => [valueText(number), differenceText(difference?.[place])]);
}

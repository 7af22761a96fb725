// All experiments on one table: what the claim is, recipe by recipe and protocol by protocol.
import type { OverSeeds } from '../../evaluation/over-seeds.js';
import { type ProtocolResults, SHOWN } from './collate.js';
import type { ExperimentResults } from './results.js';
import { differenceText, protocolTitle, valueText } from './texts.js';

/** Differences that the claim is made of: of a column of the tables, against one baseline. */
const COLUMNS = [
  { column: 'AUC', against: 'widedeep' },
  { column: 'AUC', against: 'widedeep-x2' },
  { column: 'group AUC', against: 'widedeep' },
  { column: 'AUC, new members', against: 'deep' },
] as const;

/** A row for every experiment and protocol; columns of baselines that no experiment has are left out. */
export function summaryTable(all: readonly ExperimentResults[]): string {
  const columns = COLUMNS.filter(({ against }) =>
    all.some(({ protocols }) =>
      protocols.some(({ models }) => models.some(({ model }) => model === against)),
    ),
  );
  const heads = columns.map(({ column, against }) => `Δ ${column} to \`${against}\``);
  return [
    `| recipe | protocol | AUC | ${heads.map((head) => `${head} | `).join('')}`.trimEnd(),
    `|---|---|---|${columns.map(() => '---|').join('')}`,
    ...all.flatMap(({ experiment, protocols }) =>
      protocols.map((protocol) => {
        const cells = columns.map(({ column, against }) =>
          differenceText(differenceOf(protocol, column, against)),
        );
        const auc = valueText(protocol.models[0]?.numbers[0]);
        return `| ${[experiment, protocolTitle(protocol.protocol), auc, ...cells].join(' | ')} |`;
      }),
    ),
  ].join('\n');
}

function differenceOf({ models }: ProtocolResults, column: string, against: string): OverSeeds | null {
  const place = SHOWN.findIndex(({ title }) => title === column);
  return models.find(({ model }) => model === against)?.difference?.[place] ?? null;
}

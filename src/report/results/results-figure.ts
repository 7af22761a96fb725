// The figure of the results as an SVG file of its own: differences in AUC, experiment by experiment, protocol by protocol.
import type { ExperimentResults } from '../../workflows/results/results.js';
import { protocolTitle } from '../../workflows/results/texts.js';
import { WIDE } from '../charts/chart-size.js';
import { type ForestRow, forestChart } from '../charts/forest-chart.js';
import { COLOURS } from '../page/style-colours.js';

/** An SVG that brings its colours for light and dark, to stand in a Markdown page. */
export function resultsFigure(all: readonly ExperimentResults[]): string {
  const rows = all.flatMap(rowsOf);
  const { markup } = forestChart({ rows, axis: 'Δ AUC', betterWhen: 'higher' }, WIDE, {
    id: 'results',
    title: 'Differences in AUC',
    description: rows
      .map(({ label, marks }) => (marks[0] === undefined ? label : `${label}: ${marks[0].delta.toFixed(4)}`))
      .join('; '),
  });
  const style = `<style>${COLOURS} svg{color:var(--ink);background:var(--page);font-family:system-ui,sans-serif}</style>`;
  return markup
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace('<title ', `${style}<title `);
}

function rowsOf({ experiment, model, protocols }: ExperimentResults): readonly ForestRow[] {
  return protocols.flatMap(({ protocol, models }) => [
    { label: `${experiment}, ${protocolTitle(protocol)}`, heading: true, marks: [] },
    ...models.flatMap(({ model: baseline, difference }): readonly ForestRow[] => {
      const auc = difference?.[0];
      return auc == null
        ? []
        : [
            {
              label: `${model} − ${baseline}`,
              marks: [{ series: 0, delta: auc.mean, low: auc.low, high: auc.high }],
            },
          ];
    }),
  ]);
}

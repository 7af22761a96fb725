// What each feature is worth to the trained model: test rows scored with its values exchanged among them.
import type { FieldImportance, Importance } from '../../evaluation/importance/importance-result.js';
import { responsive } from '../charts/chart-size.js';
import { forestChart } from '../charts/forest-chart.js';
import { dataTable } from '../html/data-table.js';
import { figure } from '../html/figure.js';
import { html } from '../html/safe-html.js';
import { count, decimal, levelText, plural, range, signed } from '../text/numbers.js';
import { lead, type Section } from './section.js';

/** Most features in the chart; the table has them all. */
const CHARTED = 25;

export function importanceSection(importance: Importance): Section {
  const { model, rows, entities, sampledFrom, repeats, level, fields, auc, conditions } = importance;
  const charted = fields.filter((field) => field.auc !== null).slice(0, CHARTED);
  const title = 'AUC lost without each feature';
  const intervals = `${levelText(level)} intervals over ${plural(repeats, 'repeat')}`;
  return {
    id: 'importance',
    title: 'What each feature is worth',
    body: html`${lead(html`${count(rows)} test rows of ${count(entities)} entities${sampledFrom !== null && html`, a sample of ${count(sampledFrom.entities)}`}, scored with the values of one feature exchanged among them. As it is, the AUC of ${model} is ${decimal(auc)}.`)}
${
  charted.length > 0 &&
  figure({
    id: 'figure-importance',
    title,
    drawing: responsive(
      (width, text) =>
        forestChart(
          {
            rows: charted.map((field) => ({ label: nameOf(field), marks: [{ series: 0, ...drawn(field) }] })),
            axis: 'AUC lost',
            betterWhen: 'higher',
            neutral: true,
          },
          width,
          text,
        ),
      {
        id: 'importance',
        title,
        description: charted.map((field) => `${nameOf(field)}: ${signed(field.auc!.mean)}`).join('; '),
      },
    ),
    caption: `To the right of 0 the model needs the feature. Lines are ${intervals}${charted.length < fields.length ? `; the ${CHARTED} most important of ${fields.length}` : ''}.`,
  })
}
<details><summary>The numbers</summary>${dataTable(
      'What is lost without each feature',
      [
        { title: 'feature' },
        { title: 'of' },
        { title: 'AUC lost', numeric: true },
        { title: 'interval', numeric: true },
        { title: 'log loss gained', numeric: true },
        { title: 'interval', numeric: true },
      ],
      fields.map(({ field, of, auc: lost, logLoss }) => ({
        cells: [
          html`<code>${field}</code>`,
          of,
          signed(lost?.mean),
          range(lost?.low ?? null, lost?.high ?? null),
          signed(logLoss.mean),
          range(logLoss.low, logLoss.high),
        ],
      })),
    )}</details>
<ul class="notes">${conditions.map((text) => html`<li>${text}</li>`)}</ul>`,
  };
}

const nameOf = ({ field, of }: FieldImportance): string => (of === 'id' ? `${field} ID` : field);

const drawn = ({ auc }: FieldImportance) => ({ delta: auc!.mean, low: auc!.low, high: auc!.high });

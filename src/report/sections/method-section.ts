// How to read the numbers: the definition of every metric, what the intervals hold fixed, what was left out.
import type { RunEvaluation } from '../../runs/evaluation.js';
import { html } from '../html/safe-html.js';
import { metricName } from '../text/metric-names.js';
import { count } from '../text/numbers.js';
import type { Section } from './section.js';

export function methodSection({ definitions, conditions, models }: RunEvaluation): Section {
  const detail = models[0]?.groupAucDetail;
  return {
    id: 'method',
    title: 'How to read the numbers',
    body: html`<ul class="notes">${conditions.map((text) => html`<li>${text}</li>`)}</ul>
<dl class="definitions">${Object.entries(definitions).map(
      ([name, text]) =>
        html`<div><dt>${metricName(name)}</dt><dd>${text.replace(/\bcalibrationErrorByChance\b/, metricName('calibrationErrorByChance'))}${
          name === 'groupAuc' &&
          detail !== undefined &&
          ` Counted: ${count(detail.entities)} entities; left out: ${count(detail.excludedEntities)} entities with ${count(detail.excludedRows)} rows.`
        }</dd></div>\n`,
    )}</dl>`,
  };
}

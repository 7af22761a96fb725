// How to read the numbers: the definition of every metric, what the intervals hold fixed, what was left out.
import type { RunEvaluation } from '../../runs/evaluation.js';
import { html } from '../html/safe-html.js';
import type { Section } from './section.js';

export function methodSection({ metrics, conditions, models }: RunEvaluation): Section {
  return {
    id: 'method',
    title: 'How to read the numbers',
    body: html`<ul class="notes">${conditions.map((text) => html`<li>${text}</li>`)}</ul>
<dl class="definitions">${metrics.map(({ name, title, definition }) => {
      const note = models[0]?.metrics[name]?.note;
      return html`<div><dt>${title}</dt><dd>${definition}${note !== undefined && ` ${note}`}</dd></div>\n`;
    })}</dl>`,
  };
}

// The top of the report: the verdict in words, with the numbers that carry it.

import type { Verdict } from '../../evaluation/comparison/compare-models.js';
import { deltaBar, sharedSpan } from '../charts/delta-bar.js';
import type { ReportRun } from '../data/report-run.js';
import type { NumberOverSeeds } from '../data/seed-runs.js';
import { type Html, html } from '../html/safe-html.js';
import { findings } from '../text/findings.js';
import { range, signed } from '../text/numbers.js';
import { type BaselineVerdict, baselineVerdicts, measuredOn } from '../text/verdict.js';
import { absent } from './section.js';

const SIGNS: Readonly<Record<Verdict, string>> = { better: '▲', worse: '▼', undecided: '◇' };

export function verdictBody({ evaluation, id, model }: ReportRun, spreads: readonly NumberOverSeeds[]): Html {
  if (evaluation === null)
    return absent(
      html`This run has not been evaluated, so there is nothing to say of how good it is. <code>limaml eval ${id} --baseline widedeep</code> measures it.`,
    );
  const verdicts = baselineVerdicts(evaluation);
  const bars = verdicts.flatMap(({ delta, low, high }) => (delta === null ? [] : [{ delta, low, high }]));
  const span = sharedSpan(bars);
  const alone = html`<p>${model} was evaluated without a baseline: its numbers below say nothing of whether it is better than a simpler model. <code>limaml eval ${id} --baseline widedeep</code> compares it.</p>`;
  return html`${verdicts.length === 0 ? alone : verdicts.map((verdict, i) => card(verdict, i, span))}
<ul class="findings">${findings(evaluation, spreads).map((text) => html`<li>${text}</li>`)}</ul>
<p class="scope">${measuredOn(evaluation)} ${evaluation.conditions[0]} ${evaluation.conditions[1]}</p>`;
}

function card(
  { baseline, verdict, delta, low, high, sentence, others }: BaselineVerdict,
  place: number,
  span: readonly [number, number],
): Html {
  const bar =
    delta !== null &&
    deltaBar({ delta, low, high }, span, {
      id: `verdict-${place}`,
      title: `Difference in AUC to ${baseline}`,
      description: `${signed(delta)}, interval ${range(low, high)}.`,
    });
  return html`<div class="card ${verdict}">
<div class="figures">
<p class="word"><span aria-hidden="true">${SIGNS[verdict]}</span> ${verdict}</p>
<p class="delta">${signed(delta)} <span>AUC</span></p>
<p class="interval">${range(low, high)}</p>
${bar}
</div>
<div class="words">
<p class="against">against ${baseline}</p>
<p>${sentence}</p>
<p class="others">${others}</p>
</div>
</div>`;
}

/** A verdict as a small label in a table. */
export function verdictLabel(verdict: Verdict): Html {
  return html`<span class="tag ${verdict}"><span aria-hidden="true">${SIGNS[verdict]}</span> ${verdict}</span>`;
}

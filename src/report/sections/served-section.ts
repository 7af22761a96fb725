// The same rows judged as they are served: vectors refreshed, and models trained again, while the rows go by.
import type { ReplayEvaluation, RunEvaluation } from '../../runs/evaluation.js';
import { type Html, html } from '../html/safe-html.js';
import { range, signed } from '../text/numbers.js';
import { differencesTable, modelsTable } from './comparison-section.js';
import { lead, type Section } from './section.js';
import { segmentTable } from './segments-section.js';

/** Segments that say something of moving vectors. */
const SHOWN = ['historyLength', 'vectorAge'];

/** Nothing where frozen vectors alone were measured. */
export function servedSection({ replays, oracle }: RunEvaluation): Section | false {
  if (replays.length === 0) return false;
  return {
    id: 'served',
    title: 'As it is served',
    body: html`${lead('Above, vectors are frozen when an entity’s first test row comes. A service refreshes them. Here each of the same rows is scored with the vector of everything before its window, earlier test rows and their labels included; the frozen scores of the model stand beside. Within an entity both rows of a pair are scored with what was known at the earlier of the two, so group AUC is free of the bias of scores that move; such scores have no top lists.')}
${replays.map((replay) => protocolPart(replay, oracle))}`,
  };
}

function protocolPart(replay: ReplayEvaluation, oracle: RunEvaluation['oracle']): Html {
  // Moving scores have no top lists, which is said once and not in every row.
  const comparisons = replay.comparisons.filter(({ delta }) => delta !== null);
  const measured = { ...replay, oracle, comparisons };
  const models = replay.models.map((model) => ({
    ...model,
    segments: model.segments.filter(({ by }) => SHOWN.includes(by)),
  }));
  return html`<h3>${protocolTitle(replay)}</h3>
<p>${gains(replay)}</p>
${modelsTable(measured)}
${comparisons.length > 0 && differencesTable(measured)}
<details><summary>By history length and age of the vector</summary>${segmentTable({ models, level: replay.level })}</details>`;
}

function protocolTitle({ protocol: { refresh, delay, retrain, retrained } }: ReplayEvaluation): string {
  const vectors =
    refresh === 'none'
      ? 'Vectors frozen'
      : refresh === 'event'
        ? 'Vectors refreshed at every event'
        : `Vectors refreshed every ${refresh}`;
  const late = delay === '0s' ? '' : `, events ${delay} late`;
  const models = retrained === 'baselines' ? 'baselines' : 'models';
  return `${vectors}${late}${retrain === 'none' ? '' : `, ${models} trained again every ${retrain}`}`;
}

function gains({ model, comparisons }: ReplayEvaluation): string {
  const told = comparisons
    .filter(({ metric, delta }) => metric === 'auc' && delta !== null)
    .map(
      ({ baseline, delta, low, high, verdict }) =>
        `${signed(delta)} to ${baseline} (${range(low, high)}, ${verdict})`,
    );
  return told.length === 0 ? '' : `AUC of ${model}: ${told.join('; ')}.`;
}

// A sweep as one HTML page: every trial of every model, and what came out for each value of each key.
import { duration } from '../../amounts.js';
import { settings } from '../../config/overrides.js';
import type { Leaderboard, ModelBoard } from '../../workflows/sweep/leaderboard.js';
import { dataTable } from '../html/data-table.js';
import { type Html, html } from '../html/safe-html.js';
import { page } from '../page/page.js';
import { lead, renderSection, type Section } from '../sections/section.js';
import { decimal, plural } from '../text/numbers.js';
import { keyCharts } from './key-charts.js';
import { trialCharts } from './trial-charts.js';

/** Other pages, relative to this one. */
interface SweepLinks {
  readonly experiment: string | null;
  /** Pages of trials by the id of their run. */
  readonly runs: ReadonlyMap<string, string>;
}

const NO_LINKS: SweepLinks = { experiment: null, runs: new Map() };

/** HTML of a sweep: one file that loads nothing. */
export function sweepPage(board: Leaderboard, links: SweepLinks = NO_LINKS): string {
  const { experiment, dataset, method, metric, models } = board;
  const sections: readonly Section[] = [
    { id: 'trials', title: 'How it went', body: trialCharts(board) },
    { id: 'keys', title: 'Keys', body: keyCharts(board) },
    ...models.map((model, place) => modelSection(model, place, metric, links)),
  ];
  const title = `Sweep of ${experiment}: ${models.map(({ model }) => model).join(', ')}`;
  return page({
    title,
    header: html`<p class="eyebrow">limaml sweep · ${method} · data ${dataset} · seed ${board.seed}</p>
<h1>${title}</h1>
${links.experiment !== null && html`<p class="pages">See also: <a href="${links.experiment}">all runs of ${experiment}</a></p>`}`,
    verdict: html`${models.map(best)}
<p>Ranked by ${metric} on validation rows; test rows were not looked at, nothing was refitted. The best of many trials is flattered by having been chosen: what it is worth, an evaluation on test rows says.</p>`,
    contents: sections,
    body: html`${sections.map(renderSection)}`,
  });
}

function best({ model, best, spent }: ModelBoard): Html {
  const budget = `${plural(spent.trials, 'trial')}, ${plural(spent.epochs, 'epoch')}, ${duration(spent.seconds)}`;
  if (best === null) return html`<p><strong>${model}</strong>: no trial has a score (${budget}).</p>`;
  const set = best.trial === 0 ? 'the recipe as it stands' : settings(best.assignment).join(' ');
  return html`<p><strong>${model}</strong>: ${decimal(best.value)} with ${set} (${budget}).</p>`;
}

function modelSection(
  { model, trials }: ModelBoard,
  place: number,
  metric: string,
  links: SweepLinks,
): Section {
  const columns = [
    { title: 'trial', numeric: true },
    { title: metric, numeric: true },
    { title: 'best epoch', numeric: true },
    { title: 'epochs', numeric: true },
    { title: 'set' },
    { title: 'run' },
  ];
  const rows = trials.map((trial, i) => ({
    strong: i === 0,
    cells: [
      String(trial.trial),
      trial.failure ?? decimal(trial.value),
      trial.bestEpoch === null ? '–' : String(trial.bestEpoch),
      String(trial.epochs),
      trial.trial === 0 ? 'the recipe as it stands' : settings(trial.assignment).join(' '),
      linkedRun(trial.run, links),
    ],
  }));
  return {
    id: `model-${place}`,
    title: model,
    body: html`${lead(`${plural(trials.length, 'trial')}, the best first.`)}
${dataTable(`Trials of ${model}`, columns, rows)}`,
  };
}

function linkedRun(run: string | null, { runs }: SweepLinks): Html {
  const href = run === null ? undefined : runs.get(run);
  const code = html`<code>${run ?? '–'}</code>`;
  return href === undefined ? code : html`<a href="${href}">${code}</a>`;
}

// The whole report as one HTML text: sections in the order of a reader's questions.

import { NO_LINKS, type PageLinks } from '../data/page-links.js';
import type { ReportData } from '../data/report-data.js';
import type { ReportRun } from '../data/report-run.js';
import { numbersOverSeeds, seedRuns } from '../data/seed-runs.js';
import { type Html, html } from '../html/safe-html.js';
import { adaptationSection } from '../sections/adaptation-section.js';
import { comparisonSection } from '../sections/comparison-section.js';
import { configSection } from '../sections/config-section.js';
import { curvesSection } from '../sections/curves-section.js';
import { embeddingSection } from '../sections/embedding-section.js';
import { importanceSection } from '../sections/importance-section.js';
import { learningSection } from '../sections/learning-section.js';
import { methodSection } from '../sections/method-section.js';
import { provenanceSection } from '../sections/provenance-section.js';
import { runsSection, siblingsSection } from '../sections/runs-section.js';
import { renderSection, type Section } from '../sections/section.js';
import { seedsSection } from '../sections/seeds-section.js';
import { segmentsSection } from '../sections/segments-section.js';
import { servedSection } from '../sections/served-section.js';
import { verdictBody } from '../sections/verdict-section.js';
import { baselineVerdicts, headline } from '../text/verdict.js';
import { page } from './page.js';

/** HTML of a report: one file that loads nothing. Other pages are linked where they are there. */
export function renderReport(data: ReportData, links: PageLinks = NO_LINKS): string {
  const { shown, kind, experiment } = data;
  const { evaluation } = shown;
  const seeds = seedRuns(shown, data.runs);
  const spreads = numbersOverSeeds(seeds);
  const title =
    evaluation === null
      ? `${shown.model}: not evaluated yet`
      : headline(shown.model, baselineVerdicts(evaluation));
  const compared = comparedRuns(shown, data.runs);
  const sections: readonly (Section | false)[] = [
    kind === 'experiment' && runsSection(data, links),
    evaluation !== null && comparisonSection(evaluation),
    evaluation !== null && servedSection(evaluation),
    spreads.length > 0 && seedsSection(spreads, seeds),
    evaluation !== null && segmentsSection(evaluation),
    evaluation !== null && curvesSection(evaluation),
    evaluation !== null && adaptationSection(evaluation),
    shown.map !== null && embeddingSection(shown.map),
    shown.importance !== null && importanceSection(shown.importance),
    learningSection(
      compared.map(({ run }) => run),
      compared.map(({ name }) => name),
    ),
    kind === 'run' && data.runs.length > 1 && siblingsSection(data, links),
    configSection(shown),
    provenanceSection(shown),
    evaluation !== null && methodSection(evaluation),
  ];
  const present = sections.filter((section) => section !== false);
  return page({
    title: `${title} (${experiment})`,
    header: header(data, title, links),
    verdict: verdictBody(shown, spreads),
    contents: present,
    body: html`${present.map(renderSection)}`,
  });
}

function header({ kind, experiment, shown }: ReportData, title: string, links: PageLinks): Html {
  const { experiment: whole, sweeps, results } = links;
  const others = [
    ...(whole === null ? [] : [html`<a href="${whole}">all runs of ${experiment}</a>`]),
    ...sweeps.map(({ name, href }) => html`<a href="${href}">sweep ${name}</a>`),
    ...(results === null ? [] : [html`<a href="${results}">results over seeds</a>`]),
  ];
  return html`<p class="eyebrow">limaml report · experiment ${experiment}${kind === 'run' && html` · run <code>${shown.id}</code>`}</p>
<h1>${title}</h1>
${others.length > 0 && html`<p class="pages">See also: ${others.map((link, i) => html`${i > 0 && ' · '}${link}`)}</p>`}`;
}

/** The shown run first, then the runs of its baselines, under the names that the evaluation gave them. */
function comparedRuns(
  shown: ReportRun,
  runs: readonly ReportRun[],
): readonly { readonly run: ReportRun; readonly name: string }[] {
  const baselines = (shown.evaluation?.models ?? []).slice(1).flatMap(({ model, run: id }) => {
    const run = runs.find((one) => one.id === id);
    return run === undefined ? [] : [{ run, name: model }];
  });
  return [{ run: shown, name: shown.model }, ...baselines];
}

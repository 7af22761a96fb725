// What adaptation buys: curves over inner steps, support size and staleness on one scale, and the placebo.
import type { AdaptationCurves, AdaptationPoint } from '../../evaluation/adaptation/adaptation-result.js';
import type { RunEvaluation } from '../../runs/evaluation.js';
import { intervalChart } from '../charts/interval-chart.js';
import { type LineChartOptions, lineChart, type Reference } from '../charts/line-chart.js';
import { dataTable, type TableRow } from '../html/data-table.js';
import { figure, figureGrid } from '../html/figure.js';
import { type Html, html, type Insertable } from '../html/safe-html.js';
import { count, decimal, levelText, range, signed } from '../text/numbers.js';
import { refreshFigure, refreshLabel } from './refresh-figure.js';
import { absent, lead, type Section } from './section.js';

export function adaptationSection(result: RunEvaluation): Section {
  const { adaptation } = result;
  const body = adaptation === undefined ? nothing(result.model) : curves(adaptation, result);
  return { id: 'adaptation', title: 'What adaptation buys', body };
}

const nothing = (model: string): Html =>
  absent(
    html`There are no curves of ${model}: either it adapts nothing, or the evaluation left them out (<code>--no-curves</code>).`,
  );

function curves(adaptation: AdaptationCurves, { models }: RunEvaluation): Html {
  const { rows, entities, prior, served, sampledFrom, level } = adaptation;
  if (served.auc === null) return absent('AUC has no value on these rows: one of the labels is missing.');
  // On a sample of the entities the baselines' AUC on all of them would be the wrong thing to compare with.
  const references: readonly Reference[] =
    sampledFrom === null
      ? models.slice(1).flatMap(({ model, metrics }) => {
          const auc = metrics['auc']?.value ?? null;
          return auc === null ? [] : [{ y: auc, label: model, side: 'right' as const }];
        })
      : [];
  const domain = sharedDomain(adaptation, references);
  const drawn = (
    name: string,
    title: string,
    points: readonly AdaptationPoint[],
    x: LineChartOptions['x'],
    caption: Insertable,
  ): Html =>
    figure({
      id: `figure-${name}`,
      title,
      drawing: lineChart(
        {
          lines: [
            {
              series: 0,
              dots: 'all',
              points: points.flatMap(({ at, auc, low, high }) =>
                auc === null ? [] : [{ x: at, y: auc, low, high }],
              ),
            },
          ],
          x,
          y: { label: 'AUC', domain: [...domain] },
          references,
        },
        {
          id: name,
          title,
          description: `AUC ${points.map(({ at, auc }) => `${decimal(auc)} at ${at}`).join(', ')} (${x.label}).`,
        },
      ),
      caption,
    });
  return html`${lead(html`The trained model scored ${count(rows)} test rows of ${count(entities)} entities again and again, adapted less, on less, or on older support; nothing was trained anew. Without support its AUC is ${decimal(prior.auc)}, as served ${decimal(served.auc)}: adaptation is worth <strong>${signed(served.overPrior.delta)}</strong> (${levelText(level)} interval ${range(served.overPrior.low, served.overPrior.high)}). Bands are ${levelText(level)} intervals; all charts have one scale${references.length > 0 ? ', and dashed lines are the baselines' : ''}.`)}
${figureGrid([
  drawn(
    'inner-steps',
    'Inner steps',
    adaptation.innerSteps,
    { label: 'inner steps', ticks: adaptation.innerSteps.map(({ at }) => at) },
    stepsCaption(adaptation),
  ),
  drawn(
    'support-size',
    'Support size',
    adaptation.supportSize,
    {
      label: 'most support rows of an entity',
      scale: 'symlog',
      ticks: adaptation.supportSize.map(({ at }) => at),
    },
    'Every entity is adapted on its latest rows, up to so many; one with fewer gives all it has.',
  ),
  drawn(
    'staleness',
    'Staleness',
    adaptation.staleness,
    {
      label: 'days between support and scored rows, at least',
      scale: 'symlog',
      ticks: adaptation.staleness.map(({ at }) => at),
    },
    'What vectors lose by not being refreshed. Where histories are short, older support is also less support: the table says how much is left.',
  ),
  refreshFigure(adaptation, domain),
  placeboFigure(adaptation, domain),
])}
${pointsTable(adaptation)}
<ul class="notes">${adaptation.conditions.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function stepsCaption({ innerSteps, steps }: AdaptationCurves): string {
  const one = innerSteps.find(({ at }) => at === 1);
  const gain = one?.overPrior.delta;
  const whole = innerSteps.at(-1)?.overPrior.delta;
  if (steps < 2 || gain == null || whole == null || whole <= 0) return 'AUC after each inner step.';
  return `AUC after each inner step. The first alone brings ${Math.round((100 * gain) / whole)} % of the gain of all ${steps}.`;
}

function placeboFigure(
  { prior, served, placebo, noPlacebo, level }: AdaptationCurves,
  domain: readonly [number, number],
): Html {
  const title = 'Placebo: shuffled support labels';
  if (placebo === null || placebo.auc === null)
    return figure({
      id: 'figure-placebo',
      title,
      drawing: absent(`No placebo: ${noPlacebo ?? 'AUC has no value'}.`),
      caption: '',
    });
  const row = (label: string, { auc, low, high }: AdaptationPoint) => ({
    label,
    value: auc ?? 0,
    low,
    high,
  });
  return figure({
    id: 'figure-placebo',
    title,
    drawing: intervalChart(
      [row('as served', served), row('support labels shuffled', placebo), row('no support', prior)],
      'AUC',
      {
        id: 'placebo',
        title,
        description: `AUC ${decimal(served.auc)} as served, ${decimal(placebo.auc)} with shuffled support labels, ${decimal(prior.auc)} without support.`,
      },
      domain,
    ),
    caption: placeboCaption(placebo, level),
  });
}

/** The placebo must lose the gain; whether it does is said, not assumed. */
function placeboCaption({ overPrior, overServed }: AdaptationPoint, level: number): string {
  const { delta, low, high } = overPrior;
  const against = `against no support it is ${signed(delta)} (${levelText(level)} interval ${range(low, high)})`;
  if (low !== null && low > 0)
    return `With labels shuffled within each entity part of the gain remains: ${against}. That part is how often an entity clicks, not what it clicks.`;
  const lost =
    overServed.high !== null && overServed.high < 0 ? 'the gain is lost' : 'no gain is left that can be seen';
  return `With labels shuffled within each entity ${lost}, as it must be if adaptation learns what an entity likes: ${against}.`;
}

function sharedDomain(
  { innerSteps, supportSize, staleness, refreshes = [], placebo }: AdaptationCurves,
  references: readonly Reference[],
): readonly [number, number] {
  const points = [
    ...innerSteps,
    ...supportSize,
    ...staleness,
    ...refreshes,
    ...(placebo === null ? [] : [placebo]),
  ];
  const values = [
    ...points.flatMap(({ auc, low, high }) => [auc, low, high].filter((value) => value !== null)),
    ...references.map(({ y }) => y),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = (most - least || 0.01) * 0.06;
  return [least - air, most + air];
}

function pointsTable({
  innerSteps,
  supportSize,
  staleness,
  refreshes = [],
  placebo,
}: AdaptationCurves): Html {
  const rows = (
    group: string,
    points: readonly AdaptationPoint[],
    label: (at: number) => string,
  ): TableRow[] =>
    points.map((point, i) => ({
      ...(i === 0 ? { group } : {}),
      cells: [label(point.at), ...pointCells(point)],
    }));
  return html`<details><summary>The numbers</summary>${dataTable(
    'Adaptation curves in numbers',
    [
      '',
      'AUC',
      'interval',
      'over no support',
      'interval',
      'against as served',
      'log loss',
      'entities with support',
      'support rows, mean',
      'days since the last, median',
    ].map((title, i) => ({ title, numeric: i > 0 })),
    [
      ...rows('Inner steps', innerSteps, String),
      ...rows('Support rows', supportSize, String),
      ...rows('Days', staleness, String),
      ...rows('Refreshed', refreshes, (at) => refreshLabel(refreshes[at]!.refresh)),
      ...(placebo === null ? [] : rows('Placebo', [placebo], () => 'labels shuffled')),
    ],
  )}</details>`;
}

function pointCells(point: AdaptationPoint): readonly string[] {
  const { auc, low, high, overPrior, overServed, logLoss, entitiesWithSupport, meanSupport, medianAgeDays } =
    point;
  return [
    decimal(auc),
    range(low, high, decimal),
    signed(overPrior.delta),
    range(overPrior.low, overPrior.high),
    signed(overServed.delta),
    decimal(logLoss),
    count(entitiesWithSupport),
    decimal(meanSupport, 1),
    decimal(medianAgeDays, 1),
  ];
}

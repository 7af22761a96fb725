// AUC over refreshes of the vectors: what a service gains by refreshing more often.
import type { AdaptationCurves, RefreshPoint } from '../../evaluation/adaptation/adaptation-result.js';
import { intervalChart } from '../charts/interval-chart.js';
import { figure } from '../html/figure.js';
import type { Html } from '../html/safe-html.js';
import { decimal, range, signed } from '../text/numbers.js';

/** Nothing for an evaluation of before there was such a curve, or with no refresh on it. */
export function refreshFigure(
  { refreshes = [] }: AdaptationCurves,
  domain: readonly [number, number],
): Html | undefined {
  if (refreshes.length < 2) return undefined;
  const title = 'Refreshed vectors';
  const named = refreshes.map((point) => ({ ...point, label: refreshLabel(point.refresh) }));
  return figure({
    id: 'figure-refreshes',
    title,
    drawing: intervalChart(
      named.map(({ label, auc, low, high }) => ({ label, value: auc ?? 0, low, high })),
      'AUC',
      {
        id: 'refreshes',
        title,
        description: `AUC ${named.map(({ label, auc }) => `${decimal(auc)} ${label}`).join(', ')}.`,
      },
      domain,
    ),
    caption: refreshCaption(refreshes),
  });
}

export const refreshLabel = (refresh: string): string =>
  refresh === 'none' ? 'frozen' : refresh === 'event' ? 'at every event' : `every ${refresh}`;

function refreshCaption(refreshes: readonly RefreshPoint[]): string {
  const { refresh, overServed } = refreshes.at(-1)!;
  return `Adapted anew on everything before, test rows too. Refreshed ${refreshLabel(refresh)} the AUC is ${signed(overServed.delta)} against frozen vectors (${range(overServed.low, overServed.high)}).`;
}

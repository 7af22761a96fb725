// Recomputes history aggregates the plain way, row by row from the strict past, and stops the run where they disagree.

import type { Database } from '../../database/database.js';
import { double, ident } from '../../database/sql.js';
import { CheckFailed } from '../../errors.js';
import type { Progress } from '../../progress.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import type { HistoryFeature, Past } from '../encode/history.js';
import { featureColumnName } from '../load/feature-column.js';

/** Rows recomputed per feature. */
const SAMPLE_ROWS = 200;
const DAY_MS = 86_400_000;

/** Throws `CheckFailed` LEAK_HISTORY when an aggregate is not what the rows strictly before its event give. */
export async function checkHistory(
  database: Database,
  descriptor: ResolvedDescriptor,
  events: string,
  rows: number,
  { trainRate, sampled }: Past,
): Promise<void> {
  const features = descriptor.features.filter((feature) => feature.kind === 'history');
  const stride = Math.max(1, Math.floor(rows / SAMPLE_ROWS));
  for (const feature of features) {
    const name = ident(featureColumnName(feature));
    const until = `s.ts - ${feature.delayMinutes * 60_000}`;
    const from = feature.days === undefined ? '' : `AND p.ts >= s.ts - ${Math.round(feature.days * DAY_MS)}`;
    const { n = 0 } = await database.numbers(
      `WITH s AS (SELECT row_number() OVER () AS place, ${feature.of}, ts, ${name} AS stored FROM ${events} WHERE ord % ${stride} = 0),
          past AS (SELECT s.place, count(p.ts) AS events, coalesce(sum(p.label), 0) AS clicks, max(p.ts) AS last
            FROM s LEFT JOIN events p ON p.${feature.of} = s.${feature.of} AND p.ts < s.ts AND p.ts <= ${until} ${from}${sampled ? ' AND p.copy = 0' : ''} GROUP BY s.place)
        SELECT count(*) AS n FROM s JOIN past USING (place)
          WHERE coalesce(abs(stored - (${expected(feature, trainRate)})) > 1e-9, (stored IS NULL) <> ((${expected(feature, trainRate)}) IS NULL))`,
    );
    if (n === 0) continue;
    throw new CheckFailed({
      code: 'LEAK_HISTORY',
      where: `features.${feature.name}`,
      what: `${n} of about ${SAMPLE_ROWS} recomputed values differ from what the log held strictly before the event.`,
      next: 'This is a fault of limaml: keep the log and its descriptor, and attach them to a report.',
    });
  }
}

function expected(feature: HistoryFeature, trainRate: number): string {
  switch (feature.statistic) {
    case 'count':
      return 'events';
    case 'clicks':
      return 'clicks';
    case 'rate':
      return `(clicks + ${double(feature.shrinkage * trainRate)}) / nullif(events + ${feature.shrinkage}, 0)`;
    case 'days_since_last':
      return `(s.ts - last) / ${DAY_MS}.0`;
  }
}

/** Warns of click rates that cannot vary: a log of positives only holds nothing but clicks. */
export function warnOfConstantRates({ columns, features }: ResolvedDescriptor, progress: Progress): void {
  if (columns.label.kind !== 'implicit') return;
  for (const feature of features)
    if (feature.kind === 'history' && feature.statistic === 'rate')
      progress({
        kind: 'warning',
        code: 'HISTORY_CONSTANT',
        text: `The feature "${feature.name}" is 1 everywhere: under implicit labels every observed event is a click, and sampled negatives are no events. "statistic: count" tells more.`,
      });
}

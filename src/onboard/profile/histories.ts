// How long histories are: what decides whether there is anything to adapt on.
import type { Database } from '../../database/database.js';
import type { DatasetProfile, HistoryBar } from './dataset-profile.js';

/** Upper ends of the bars; the last bar has none. */
const ENDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** Events per entity of `loaded`: median, mean, longest and a histogram without empty bars at its ends. */
export async function historyLengths(database: Database): Promise<DatasetProfile['historyLengths']> {
  const lengths = 'SELECT count(*) AS n FROM loaded WHERE fault = 0 GROUP BY entity';
  const bar = `CASE ${ENDS.map((end, index) => `WHEN n <= ${end} THEN ${index}`).join(' ')} ELSE ${ENDS.length} END`;
  const summary = await database.numbers(
    `SELECT quantile_disc(n, 0.5) AS median, avg(n) AS mean, max(n) AS longest FROM (${lengths})`,
  );
  const counts = await database.rows(
    `SELECT ${bar} AS bar, count(*) AS entities, sum(n) AS events FROM (${lengths}) GROUP BY bar`,
  );
  const bars = Array.from({ length: ENDS.length + 1 }, (_, index): HistoryBar => {
    const count = counts.find((row) => row['bar'] === index);
    return {
      from: index === 0 ? 1 : ENDS[index - 1]! + 1,
      to: ENDS[index] ?? null,
      entities: Number(count?.['entities'] ?? 0),
      events: Number(count?.['events'] ?? 0),
    };
  });
  const last = bars.findLastIndex((candidate) => candidate.entities > 0);
  return {
    median: finite(summary['median']),
    mean: finite(summary['mean']),
    max: finite(summary['longest']),
    bars: bars.slice(0, last + 1),
  };
}

function finite(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

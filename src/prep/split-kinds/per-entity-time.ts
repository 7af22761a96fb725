// Splits each history near its end, never between events of the same instant.
import { inShard } from './shard-range.js';
import { defineSplit } from './split-kind.js';
import { byInstants } from './split-plan.js';

/** Makes `boundaries(entity, valid_from, test_from, role)`: the last `test` of each history, then the last `valid` of what remains. */
export const perEntityTime = defineSplit({
  name: 'per-entity-time',
  fields: {},
  plan: async (database, split, shards) => {
    await database.run(
      'CREATE TABLE boundaries (entity INTEGER, valid_from BIGINT, test_from BIGINT, role UTINYINT, moved UTINYINT)',
    );
    for (const shard of shards) {
      await database.run(
        `CREATE OR REPLACE TEMP TABLE shard_events AS SELECT entity, ts FROM events WHERE ${inShard(shard)}`,
      );
      const test = nearestBoundary('shard_events', split.test);
      await database.run(`CREATE OR REPLACE TEMP TABLE test_places AS ${test}`);
      const remaining =
        '(SELECT s.entity, s.ts FROM shard_events s JOIN test_places t USING (entity) WHERE s.ts < coalesce(t.boundary, s.ts + 1))';
      await database.run(
        `INSERT INTO boundaries SELECT entity, v.boundary, t.boundary, 0, CAST(t.moved AS UTINYINT) + CAST(v.moved AS UTINYINT)
        FROM test_places t JOIN (${nearestBoundary(remaining, split.valid)}) v USING (entity) ORDER BY entity`,
      );
    }
    const notes = await database.numbers(
      `SELECT coalesce(sum(moved), 0) AS moved, count(*) FILTER (test_from IS NULL) AS whole FROM boundaries`,
    );
    await database.run('ALTER TABLE boundaries DROP moved');
    return {
      code: byInstants('valid_from', 'test_from', split.purgeMinutes * 60_000),
      perEntity: true,
      notes: {
        'cuts moved off equal times': notes['moved'] ?? 0,
        'entities without test rows (too short, or one instant)': notes['whole'] ?? 0,
      },
    };
  },
});

/**
 * One row an entity: the instant whose rows begin nearest to the place that leaves the last `fraction` of the history behind it
 * (of two equally near, the earlier), and whether that place had to move. Leaving the history whole competes as a
 * boundary after the last row: a history of one instant stays whole, as does one whose boundary would have to move further than that.
 */
function nearestBoundary(source: string, fraction: number): string {
  const distance = 'abs(before - target) * 2 + CAST(before > target AS INTEGER)';
  return `SELECT entity, CASE WHEN cost <= none THEN best.ts END AS boundary,
      CASE WHEN cost <= none THEN best.before <> target ELSE total <> target END AS moved
    FROM (SELECT entity, any_value(target) AS target, any_value(total) AS total,
        arg_min({'ts': ts, 'before': before}, ${distance}) FILTER (before > 0) AS best,
        coalesce(min(${distance}) FILTER (before > 0), 9223372036854775807) AS cost,
        any_value(total - target) * 2 AS none
      FROM (SELECT *, total - CAST(round(total * ${fraction}) AS BIGINT) AS target
        FROM (SELECT entity, ts, CAST(sum(n) OVER (PARTITION BY entity ORDER BY ts) - n AS BIGINT) AS before,
            CAST(sum(n) OVER (PARTITION BY entity) AS BIGINT) AS total
          FROM (SELECT entity, ts, count(*) AS n FROM ${source} GROUP BY entity, ts)))
      GROUP BY entity)`;
}

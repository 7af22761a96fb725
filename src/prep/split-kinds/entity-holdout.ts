// Holds entities out of training: what stays of them is a support to adapt on, and later rows to be judged by.

import { z } from 'zod';
import { quoted } from '../../database/sql.js';
import { SPLIT } from '../../prepared/format.js';
import { defineSplit } from './split-kind.js';
import { PURGED } from './split-plan.js';

/**
 * A seeded `test` fraction of the entities, and a `valid` fraction, is held out. The rows of a held-out entity are
 * `support` up to a boundary nearest to the `support` fraction of its history, then test (validation). An entity of one
 * instant has no support: it is judged cold.
 */
export const entityHoldout = defineSplit({
  name: 'entity-holdout',
  fields: {
    /** Part of a held-out entity's history that may be adapted on. */
    support: z.number().gt(0).lt(1).default(0.5),
    seed: z.number().int().min(0).default(1),
  },
  holdsOut: true,
  plan: async (database, split) => {
    const { entities = 0 } = await database.numbers('SELECT count(*) AS entities FROM entity_index');
    const test = Math.max(1, Math.round(entities * split.test));
    const valid = Math.max(1, Math.round(entities * split.valid));
    await database.run(
      `CREATE TABLE roles AS SELECT idx AS entity,
        CASE WHEN place <= ${test} THEN ${SPLIT.test} WHEN place <= ${test + valid} THEN ${SPLIT.valid} ELSE ${SPLIT.train} END AS role
      FROM (SELECT idx, row_number() OVER (ORDER BY md5(${quoted(`holdout:${split.seed}:`)} || value), value) AS place FROM entity_index)`,
    );
    // `valid_from` of `boundaries` is where the judged rows begin.
    await database.run(
      `CREATE TABLE boundaries AS SELECT entity, coalesce(boundary, first_ts) AS valid_from, CAST(NULL AS BIGINT) AS test_from, role
      FROM (SELECT entity, any_value(role) AS role, min(ts) AS first_ts,
          arg_min(ts, abs(before - total * ${split.support})) FILTER (before > 0) AS boundary
        FROM (SELECT entity, ts, CAST(sum(n) OVER (PARTITION BY entity ORDER BY ts) - n AS BIGINT) AS before,
            CAST(sum(n) OVER (PARTITION BY entity) AS BIGINT) AS total
          FROM (SELECT entity, ts, count(*) AS n FROM events WHERE entity IN (SELECT entity FROM roles WHERE role > 0)
            GROUP BY entity, ts))
        JOIN roles USING (entity) GROUP BY entity) ORDER BY entity`,
    );
    const purgeMs = split.purgeMinutes * 60_000;
    const purge = purgeMs > 0 ? `WHEN ts >= valid_from - ${purgeMs} THEN ${PURGED}` : '';
    return {
      code: `CASE WHEN role IS NULL THEN ${SPLIT.train} WHEN ts >= valid_from THEN role ${purge} ELSE ${SPLIT.support} END`,
      perEntity: true,
      notes: { 'entities held out for test': test, 'entities held out for validation': valid },
    };
  },
});

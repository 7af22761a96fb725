// A feature that orders the label almost perfectly by itself is, nearly always, an outcome in disguise.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { SPLIT } from '../../prepared/format.js';
import type { Progress } from '../../progress.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { featureColumnName } from '../load/feature-column.js';
import { halfOf, singleColumnAuc } from './single-column-auc.js';

/** Training rows looked at. */
const SAMPLE_ROWS = 50_000;
const SUSPICIOUS_AUC = 0.99;

/** Warns of every feature whose AUC over training rows, by itself, is at least 0.99. */
export async function warnOfLabelLeaks(
  database: Database,
  descriptor: ResolvedDescriptor,
  events: string,
  trainRows: number,
  progress: Progress,
): Promise<readonly string[]> {
  const { features } = descriptor;
  if (features.length === 0) return [];
  const stride = Math.max(1, Math.floor(trainRows / SAMPLE_ROWS));
  const alias = { entity: 'e', item: 'i', event: 'r' };
  const columns = features.map((feature) => {
    const name = ident(featureColumnName(feature));
    return `CAST(${alias[feature.side]}.${name} AS VARCHAR) AS ${name}`;
  });
  await database.run(
    `CREATE OR REPLACE TEMP TABLE leak_sample AS SELECT r.ord AS id, ${halfOf('r.ord')} AS half, r.label, ${columns.join(', ')}
      FROM ${events} r JOIN entity_rows e ON r.entity = e.idx JOIN item_rows i ON r.item = i.idx
      WHERE r.split = ${SPLIT.train} AND r.ord % ${stride} = 0`,
  );
  const counted = features.map((feature, f) => {
    const name = ident(featureColumnName(feature));
    return `count(DISTINCT ${name}) AS distinct${f}, count(${name}) AS present${f}`;
  });
  const { rows = 0, ...counts } = await database.numbers(
    `SELECT count(*) AS rows, ${counted.join(', ')} FROM leak_sample`,
  );
  const suspicious: string[] = [];
  for (const [f, feature] of features.entries()) {
    const name = ident(featureColumnName(feature));
    const { [`distinct${f}`]: distinct = 0, [`present${f}`]: present = 0 } = counts;
    const relation = `(SELECT id, ${name} AS value, half, label AS clicks, 1 - label AS rest FROM leak_sample)`;
    const numeric = ['numeric', 'elapsed', 'history'].includes(feature.kind);
    const auc = await singleColumnAuc(database, { relation, rows }, { numeric, distinct, present });
    if (auc === null || auc < SUSPICIOUS_AUC) continue;
    suspicious.push(feature.name);
    progress({
      kind: 'warning',
      code: 'LEAK_FEATURE',
      text: `The feature "${feature.name}" alone predicts the label with an AUC of ${auc.toFixed(4)}: is it an outcome of the event?`,
    });
  }
  await database.run('DROP TABLE leak_sample');
  return suspicious;
}

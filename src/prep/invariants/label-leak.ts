// A feature that orders the label almost perfectly by itself is, nearly always, an outcome in disguise.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { SPLIT } from '../../prepared/format.js';
import type { Progress } from '../../progress.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { featureColumnName } from '../load/feature-column.js';
import { singleColumnAuc } from './single-column-auc.js';

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
    `CREATE OR REPLACE TEMP TABLE leak_sample AS SELECT r.ord AS id, r.label, ${columns.join(', ')}
      FROM ${events} r JOIN entity_rows e ON r.entity = e.idx JOIN item_rows i ON r.item = i.idx
      WHERE r.split = ${SPLIT.train} AND r.ord % ${stride} = 0`,
  );
  const { rows = 0 } = await database.numbers('SELECT count(*) AS rows FROM leak_sample');
  const suspicious: string[] = [];
  for (const feature of features) {
    const name = ident(featureColumnName(feature));
    const { distinct = 0, present = 0 } = await database.numbers(
      `SELECT count(DISTINCT ${name}) AS distinct, count(${name}) AS present FROM leak_sample`,
    );
    const relation = `(SELECT id, ${name} AS value, label AS clicks, 1 - label AS rest FROM leak_sample)`;
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

// Events of an unsealed folder: any order of rows, any files; put in order and held to the rules between an entity's rows.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import type { UserError } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { SPLIT } from '../format.js';
import type { FeatureSpec, PreparedManifest } from '../manifest.js';
import { mayOverlap, valueRules } from '../verify/check-events.js';
import { featureRules, fileColumns, type RowRule } from '../verify/row-rules.js';
import { integer, label, milliseconds, number, order, split, type WantedColumn } from './column-casts.js';
import { findParts } from './find-parts.js';
import { FILE, loadedFaults, loadParts, ROW } from './load-parts.js';
import { eventColumn } from './load-tables.js';

/** Table of the events in their order. */
export const EVENTS = 'events';
const ORDER = 'part.order';
const VERSION = 2;

interface LoadedEvents {
  readonly truth: boolean;
  readonly faults: readonly UserError[];
}

/** Makes EVENTS, sorted by entity, time, the column `row` where there is one, then file and place in it. */
export async function loadEvents(
  database: Database,
  folder: string,
  manifest: Pick<PreparedManifest, 'entities' | 'items' | 'features' | 'descriptor'>,
  progress: Progress,
): Promise<LoadedEvents> {
  const parts = await findParts(folder, 'events');
  const features: readonly FeatureSpec[] = manifest.features.filter(({ side }) => side === 'event');
  const truth = (await fileColumns(database, parts[0]!.path)).has('truth');
  const columns = (code: number | undefined): readonly WantedColumn[] => [
    integer('entity'),
    integer('item'),
    milliseconds('timestamp_ms'),
    label('label'),
    split('split', code),
    ...(truth ? [number('truth')] : []),
    order(ORDER, 'row'),
    ...features.map(eventColumn),
  ];
  const faults = await loadParts(
    database,
    'loaded',
    parts,
    {
      columns: ({ split: code }) => columns(code),
      full: ['entity', 'item', 'timestamp_ms', 'label', 'split', ...(truth ? ['truth'] : [])],
      rules: [
        ...valueRules(manifest),
        ...(truth
          ? [{ broken: 'truth NOT BETWEEN 0 AND 1', what: 'has a "truth" that is no probability' }]
          : []),
        ...featureRules(features, VERSION),
      ],
      unwanted: [],
    },
    progress,
  );
  if (faults.length > 0) return { truth, faults };
  const kept = `entity, item, timestamp_ms, label, split, ${[...(truth ? ['truth'] : []), ...features.map(({ name }) => ident(name)), FILE, ROW].join(', ')}`;
  await database.run(
    `CREATE TABLE ${EVENTS} AS SELECT ${kept} FROM loaded ORDER BY entity, timestamp_ms, ${ident(ORDER)}, ${FILE}, ${ROW}`,
  );
  await database.run('DROP TABLE loaded');
  if (mayOverlap(manifest)) {
    progress({
      kind: 'warning',
      code: 'LEAK_ORDER',
      text: `${folder}: its descriptor says "overlap: warn", so rows of a later split are not held to be later.`,
    });
    return { truth, faults: [] };
  }
  const across = await loadedFaults(
    database,
    parts.map(({ path }) => path),
    `(SELECT e.${FILE}, e.${ROW}, e.split, e.timestamp_ms, h.* EXCLUDE (entity) FROM ${EVENTS} e JOIN (SELECT entity,
        max(timestamp_ms) FILTER (split IN (${SPLIT.train}, ${SPLIT.support})) AS learned,
        max(timestamp_ms) FILTER (split <> ${SPLIT.test}) AS before_test, bool_or(split = ${SPLIT.train}) AS trained
      FROM ${EVENTS} GROUP BY entity) h USING (entity))`,
    LATER,
  );
  return { truth, faults: across };
}

const LATER: readonly RowRule[] = [
  {
    broken: `(split = ${SPLIT.valid} AND timestamp_ms <= learned) OR (split = ${SPLIT.test} AND timestamp_ms <= before_test)`,
    what: 'is not strictly later ("timestamp_ms") than the rows of earlier splits ("split") that its entity has: support would not be the past of what is scored',
  },
  {
    broken: `split = ${SPLIT.support} AND trained`,
    what: 'is support ("split") where the entity has training rows: an entity held out is never trained on',
  },
];

// The stages of prep in order: read, sort, split, check, write.

import type { PreparedManifest } from '../prepared/manifest.js';
import { statedSplit } from './descriptor/split.js';
import { deriveEvents } from './encode/derive-events.js';
import { sideRows } from './encode/side-rows.js';
import { checkDuplicates } from './invariants/duplicate-check.js';
import { checkHistory, warnOfConstantRates } from './invariants/history-check.js';
import { warnOfLabelLeaks } from './invariants/label-leak.js';
import { warnOfMissingIds } from './invariants/missing-ids.js';
import { checkOrder } from './invariants/order-check.js';
import { warnOfStrayTimes } from './invariants/stray-times.js';
import { planEvents } from './load/event-plan.js';
import { loadEvents } from './load/load-events.js';
import { loadTables } from './load/load-tables.js';
import { openRejects, type Rejects } from './load/rejects.js';
import { requireAllColumns } from './load/require-columns.js';
import { requirePatterns } from './load/require-patterns.js';
import type { ListedFiles } from './sources/find-sources.js';
import { dropDuplicates, indexValues, sortEvents } from './split/index-events.js';
import { splitEvents } from './split/split-events.js';
import type { ShardRange } from './split-kinds/shard-range.js';
import { type WriteContext, writePrepared } from './write/write-prepared.js';

interface StageContext extends WriteContext {
  readonly files: ListedFiles;
  readonly workDirectory: string;
  readonly onError: 'stop' | 'reject';
}

/** The log sorted and indexed in the table `events`. */
interface SortedLog {
  /** Rows read and kept. */
  readonly rows: number;
  readonly shards: readonly ShardRange[];
  readonly rejects: Rejects;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Fills `folder` and returns its manifest, which is also written there, last. */
export async function runStages(context: StageContext): Promise<PreparedManifest> {
  const { database, sources, progress } = context;
  const { descriptor } = sources;
  const log = await readAndSort(context);
  progress({ kind: 'stage', name: 'split', detail: descriptor.split.kind });
  const parted = await splitEvents(database, descriptor, log.shards, context.workDirectory);
  const derived = await deriveEvents(database, descriptor, parted, log.shards);
  const { relation: events } = derived;
  const lacking = {
    ...(await sideRows(database, descriptor, 'entity', events, parted.sampled)),
    ...(await sideRows(database, descriptor, 'item', events, parted.sampled)),
  };
  // Splits by time never part equal events, and copies that stand for exposures of one row are no duplicates.
  if (descriptor.duplicates === 'error' && statedSplit(descriptor.split) !== undefined && !parted.copies)
    await checkDuplicates(database, events, log.shards);
  await checkOrder(database, descriptor.split, progress);
  await checkHistory(database, descriptor, events, log.rows, derived.past);
  warnOfConstantRates(descriptor, progress);
  await warnOfLabelLeaks(database, descriptor, events, log.rows, progress);
  await warnOfMissingIds(database, events, progress);
  if (!('sourceOrder' in descriptor.columns.timestamp)) await warnOfStrayTimes(database, progress);
  progress({ kind: 'stage', name: 'write' });
  return writePrepared(context, {
    events,
    sorted: derived.sorted,
    shards: log.shards,
    rejects: log.rejects,
    copies: parted.copies,
    dropped: { ...log.dropped, ...parted.dropped },
    notes: { ...parted.plan.notes, ...lacking },
  });
}

async function readAndSort(context: StageContext): Promise<SortedLog> {
  const { database, sources, files, workDirectory, progress } = context;
  const { descriptor } = sources;
  progress({ kind: 'stage', name: 'read', detail: `${files.events.length} file(s) of events` });
  await requirePatterns(database, descriptor);
  await requireAllColumns(database, descriptor, files);
  const rejects = await openRejects(database, context.onError);
  const loading = { database, workDirectory, rejects };
  const loaded = await loadEvents(loading, descriptor, files.events, (done) =>
    progress({ kind: 'step', done, total: files.events.length, unit: 'files' }),
  );
  const rejected = await loadTables(loading, descriptor, files.tables);

  progress({ kind: 'stage', name: 'sort', detail: `${loaded.rows} events` });
  const { label } = descriptor.columns;
  const copies = label.kind === 'implicit' ? 1 + label.negatives.perPositive : 1;
  const shards = await indexValues(database, loaded.rows * copies);
  const own = ['entity', 'item', 'ts', 'label', 'total'];
  const names = planEvents(descriptor, files.events[0]?.split).columns.map((column) => column.name);
  await sortEvents(database, {
    names: names.filter((name) => !own.includes(name)),
    counts: label.kind === 'counts',
    sourceOrder: 'sourceOrder' in descriptor.columns.timestamp,
  });
  const dropped: Record<string, number> = { ...loaded.dropped, ...rejected };
  if (descriptor.duplicates === 'drop') dropped['duplicate events'] = await dropDuplicates(database, shards);
  return { rows: loaded.rows, shards, rejects, dropped };
}

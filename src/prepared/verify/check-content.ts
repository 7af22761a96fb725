// Holds a prepared data set that another program wrote to all that docs/prepared-format.md promises of its rows.

import { join } from 'node:path';
import { openDatabase } from '../../database/database.js';
import { type UserError, UserErrors } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { vocabularyFile } from '../format.js';
import { hasVocabulary, type PreparedManifest } from '../manifest.js';
import { checkShard, mayOverlap } from './check-events.js';
import { checkCounts, checkSide, checkVocabulary } from './check-tables.js';

/** A shard's order is checked with the shard in memory. */
const MEMORY_MB = 1024;
/** Faults after which the rest is not looked at. */
const ENOUGH = 20;

/**
 * Reads every row once, shard by shard. `manifest` is `folder`'s, read and with its files hashed. Throws `UserErrors` with
 * PREPARED_INVALID for what breaks the format: columns, order, splits that are not strictly later, indexes, counts.
 */
export async function checkContent(
  folder: string,
  manifest: PreparedManifest,
  progress: Progress,
): Promise<void> {
  progress({ kind: 'stage', name: 'check', detail: folder });
  if (mayOverlap(manifest))
    progress({
      kind: 'warning',
      code: 'LEAK_ORDER',
      text: `${folder}: its descriptor says "overlap: warn", so rows of a later split are not held to be later.`,
    });
  const database = await openDatabase({ memoryLimitMb: MEMORY_MB, threads: 2 });
  const faults: UserError[] = [];
  try {
    for (const side of ['entity', 'item'] as const)
      faults.push(...(await checkSide(database, folder, manifest, side)));
    for (const spec of manifest.features)
      if (hasVocabulary(spec) && 'size' in spec)
        faults.push(...(await checkVocabulary(database, join(folder, vocabularyFile(spec.name)), spec.size)));
    let last = 0;
    let rows = 0;
    for (let index = 0; index < manifest.shards.length && faults.length < ENOUGH; index++) {
      const checked = await checkShard(database, folder, manifest, index, last);
      faults.push(...checked.faults);
      last = checked.lastEntity;
      rows += manifest.shards[index]!.rows;
      progress({ kind: 'step', done: rows, total: manifest.rows, unit: 'rows' });
    }
    // Counts of rows that are broken anyway would only repeat it.
    if (faults.length === 0) faults.push(...(await checkCounts(database, folder, manifest)));
  } finally {
    database.close();
  }
  if (faults.length > 0) throw new UserErrors(faults.slice(0, ENOUGH));
}

// New events read against a descriptor alone, without a bundle around them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BundleManifest } from '../../src/bundle/manifest.js';
import { openTableStore } from '../../src/bundle/store/table-store.js';
import { openDatabase, type Row } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { SUPPORT_SELECT, supportColumns } from '../../src/export/export-tables.js';
import type { RawInput } from '../../src/export/graphs/raw-input.js';
import { type NewEvents, readNewEvents } from '../../src/serving/events/read-new-events.js';

/** What becomes of `content`; `rows` as support.parquet would hold them, `values` without column names. */
export async function read(
  descriptor: unknown,
  content: string | Buffer,
  { inputs = [], name = 'new.csv' }: { inputs?: readonly Partial<RawInput>[]; name?: string } = {},
): Promise<NewEvents & { readonly found: readonly Row[]; readonly values: readonly unknown[][] }> {
  const adapt = inputs.map((input) => ({ side: 'event', ...input })) as readonly RawInput[];
  const manifest = { descriptor, inputs: { adapt, score: [] } } as unknown as BundleManifest;
  const place = await mkdtemp(join(tmpdir(), 'limaml-log-form-'));
  const store = await openTableStore(place);
  try {
    await store.create('support', supportColumns(adapt));
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const events = await readNewEvents(Readable.from([bytes]), name, manifest, store, 'support');
    await store.writeParquet(
      join(place, 'support.parquet'),
      SUPPORT_SELECT.replace('ORDER BY entity, place', 'ORDER BY place'),
    );
    const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
    const found = await database.rows(`FROM read_parquet(${quoted(join(place, 'support.parquet'))})`);
    database.close();
    const values = found.map(({ entity, item, timestamp_ms, label, place: _, ...features }) => [
      entity,
      item,
      timestamp_ms,
      label,
      ...Object.values(features),
    ]);
    return { ...events, found, values };
  } finally {
    await store.close();
    await rm(place, { recursive: true });
  }
}

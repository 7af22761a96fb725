// A server that does not hold all support rows, and whose folder another bundle takes: it never adapts on that one's rows under its own name.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { silent } from '../../../src/progress.js';
import { readJsonRows } from '../../../src/serving/live/json-rows.js';
import { eventFields } from '../../../src/serving/live/live-fields.js';
import { openService } from '../../../src/serving/live/service.js';
import { refreshBundle } from '../../../src/serving/refresh-bundle.js';
import { BUNDLE } from '../../bundle/committed-bundle.js';

// As if the bundle had more rows than are held.
vi.mock('../../../src/bundle/store/support-in-memory.js', () => ({ supportInMemory: async () => undefined }));

const EVENT = { entity: 'm1', item: 'f2', timestamp_ms: 1_700_000_000_000, label: 1, price: 3.5 };

it('takes up the bundle whose rows are in the folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'limaml-replaced-'));
  const bundle = join(folder, 'bundle');
  cpSync(BUNDLE, bundle, { recursive: true });
  const service = await openService({ folder: bundle, mostMembers: 10, threads: 1, progress: silent });
  const serving = () => service.use(async (live) => live.bundle.manifest.hash);
  const older = await serving();
  const fields = await service.use(async (live) => eventFields(live.bundle.manifest));
  const sent = readJsonRows([EVENT], 'events', fields, 10);
  const csv = `${Object.keys(EVENT).join()}\n${Object.values(EVENT).join()}\n`;
  const { hash } = await refreshBundle({
    folder: bundle,
    outDirectory: bundle,
    events: Readable.from([csv], { objectMode: false }),
    eventsName: 'new.csv',
    progress: silent,
  });
  expect(hash).not.toBe(older);
  expect(await serving()).toBe(older);
  // Among the newer one's rows the event is known. Nobody has looked for a newer bundle yet.
  expect(await service.adapt(sent)).toEqual({ known: 1, adapted: 0, added: 0 });
  expect(await serving()).toBe(hash);
  await service.close();
  rmSync(folder, { recursive: true });
});

// The committed bundle and a newer one made of it, to be published.
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { silent } from '../../../src/progress.js';
import { refreshBundle } from '../../../src/serving/refresh-bundle.js';
import { BUNDLE } from '../committed-bundle.js';

export interface Bundles {
  readonly folder: string;
  readonly old: string;
  readonly new: string;
  /** The vectors that differ, as Parquet. */
  readonly changed: string;
}

const EVENTS = `entity,item,timestamp_ms,label,price
m1,f2,1700000000000,1,3.5
stranger,f2,1700000000005,1,
`;

export async function bundles(): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'limaml-published-'));
  const made = {
    folder,
    old: join(folder, 'old'),
    new: join(folder, 'new'),
    changed: join(folder, 'changed'),
  };
  cpSync(BUNDLE, made.old, { recursive: true });
  await refreshBundle({
    folder: made.old,
    outDirectory: made.new,
    events: Readable.from([EVENTS], { objectMode: false }),
    eventsName: 'new.csv',
    changed: made.changed,
    progress: silent,
  });
  return made;
}

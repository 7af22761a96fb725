// The committed bundle and a newer one made of it, to be published.
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { MadeBundle } from '../../../src/bundle/published/push.js';
import { silent } from '../../../src/progress.js';
import { refreshBundle } from '../../../src/serving/refresh-bundle.js';
import { BUNDLE } from '../committed-bundle.js';

export interface Bundles {
  readonly folder: string;
  readonly old: string;
  readonly new: string;
  /** How the new one was made of the old one. */
  readonly made: MadeBundle;
}

/** Of a member that is known, and of one that is not. */
export const EVENTS = `entity,item,timestamp_ms,label,price
m1,f2,1700000000000,1,3.5
stranger,f2,1700000000005,1,
`;

export async function bundles(): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'limaml-published-'));
  const places = { folder, old: join(folder, 'old'), new: join(folder, 'new') };
  const changed = join(folder, 'changed');
  cpSync(BUNDLE, places.old, { recursive: true });
  const { hash, from } = await refreshBundle({
    folder: places.old,
    outDirectory: places.new,
    events: Readable.from([EVENTS], { objectMode: false }),
    eventsName: 'new.csv',
    changed,
    progress: silent,
  });
  return { ...places, made: { hash, from, changed } };
}

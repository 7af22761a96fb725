// A refresh whose result goes to a store too: only what changed, where the store keeps the bundle that it was made from.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeAddress } from '../bundle/published/address.js';
import { type Pushed, pushBundle } from '../bundle/published/push.js';
import { type Refreshed, type RefreshRequest, refreshBundle } from './refresh-bundle.js';

export interface PublishedRefresh extends Refreshed {
  /** Null without a store to publish to. */
  readonly published: Pushed | null;
}

/** Refreshes, then publishes to `to`, whose paths are taken from `cwd`. Throws what `refreshBundle` and `pushBundle` throw. */
export async function refreshAndPublish(
  request: RefreshRequest & { readonly to?: string | undefined; readonly cwd: string },
): Promise<PublishedRefresh> {
  const { to, cwd, progress } = request;
  if (to === undefined) return { ...(await refreshBundle(request)), published: null };
  // Told before the work rather than after it.
  storeAddress(to, cwd);
  const own = await mkdtemp(join(tmpdir(), 'limaml-changes-'));
  try {
    const changed = request.changed ?? join(own, 'changed.parquet');
    const refreshed = await refreshBundle({ ...request, changed });
    const published = await pushBundle({ folder: refreshed.bundle, to, cwd, changed, progress });
    return { ...refreshed, published };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

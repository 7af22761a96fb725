// A refresh whose result goes to a store too: only what changed, where the store keeps the bundle that it was made from.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeAddress } from '../bundle/published/address.js';
import { type Pushed, pushBundle } from '../bundle/published/push.js';
import type { Progress } from '../progress.js';

/** What came of it, published; null without a store to publish to. */
export type Published<T> = T & { readonly published: Pushed | null };

interface PublishRequest {
  /** As typed; its paths are taken from `cwd`. */
  readonly to: string | undefined;
  readonly cwd: string;
  /** Where the changed vectors shall stay; none where undefined. */
  readonly changed: string | undefined;
  readonly progress: Progress;
}

/** Makes a newer bundle by `work`, which writes the vectors that change to the file that it is given, then publishes it. Throws what `pushBundle` throws. */
export async function alsoPublished<T extends { readonly bundle: string }>(
  { to, cwd, changed, progress }: PublishRequest,
  work: (changed: string | undefined) => Promise<T>,
): Promise<Published<T>> {
  if (to === undefined) return { ...(await work(changed)), published: null };
  // Told before the work rather than after it.
  storeAddress(to, cwd);
  const own = await mkdtemp(join(tmpdir(), 'limaml-changes-'));
  try {
    const file = changed ?? join(own, 'changed.parquet');
    const made = await work(file);
    return {
      ...made,
      published: await pushBundle({ folder: made.bundle, to, cwd, changed: file, progress }),
    };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

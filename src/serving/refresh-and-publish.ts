// A refresh whose result goes to a store too: only what changed, where the store keeps the bundle that it was made from.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeAddress } from '../bundle/published/address.js';
import { type MadeBundle, type Pushed, pushBundle } from '../bundle/published/push.js';
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

/** What a newer bundle is, to be published before another writer makes one of it. */
export type WhenMade = (made: Made) => Promise<void>;
type Made = Pick<MadeBundle, 'hash' | 'from'> & { readonly bundle: string };

/**
 * Makes a newer bundle by `work`, which is given the file for the vectors that change, and calls what it is given when the bundle is in its place; then it
 * is published. Throws what `pushBundle` throws.
 */
export async function alsoPublished<T extends Made>(
  { to, cwd, changed, progress }: PublishRequest,
  work: (changed: string | undefined, whenMade?: WhenMade) => Promise<T>,
): Promise<Published<T>> {
  if (to === undefined) return { ...(await work(changed)), published: null };
  // Told before the work rather than after it.
  storeAddress(to, cwd);
  const own = await mkdtemp(join(tmpdir(), 'limaml-changes-'));
  try {
    const file = changed ?? join(own, 'changed.parquet');
    const pushed: Pushed[] = [];
    const made = await work(file, async ({ bundle, hash, from }) => {
      const request = { folder: bundle, to, cwd, made: { hash, from, changed: file }, progress };
      pushed.push(await pushBundle(request));
    });
    return { ...made, published: pushed[0]! };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

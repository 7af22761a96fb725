// A store in a folder that may be replaced while it is read: what goes wrong by that is told as that.
import type { BundleStore } from './store/store.js';

/** The same store. After a fault `requireUnchanged` is asked first, so that its own error comes before one of files that do not fit each other. */
export function guardedStore(store: BundleStore, requireUnchanged: () => Promise<void>): BundleStore {
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      await requireUnchanged();
      throw error;
    }
  };
  async function* each<T>(pieces: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* pieces;
    } catch (error) {
      await requireUnchanged();
      throw error;
    }
  }
  return {
    ...store,
    vectors: (ids) => guarded(store.vectors(ids)),
    features: (side, ids) => guarded(store.features(side, ids)),
    support: (of) => each(store.support(of)),
    withoutSupport: (of) => each(store.withoutSupport(of)),
  };
}

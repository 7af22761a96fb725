// The stores that there are, by the name that a manifest gives.
import { UserError } from '../../errors.js';
import { parquetStore } from './parquet.js';
import type { StoreKind } from './store.js';

const STORES: readonly StoreKind[] = [parquetStore];

/** What is written unless asked otherwise. */
export const DEFAULT_STORE = parquetStore;

/** Throws UserError BUNDLE_STORE for a store that this program does not have. */
export function storeNamed(name: string, where: string): StoreKind {
  const found = STORES.find((store) => store.name === name);
  if (found !== undefined) return found;
  throw new UserError({
    code: 'BUNDLE_STORE',
    where,
    what: `The bundle is kept in "${name}"; this program reads ${STORES.map((store) => store.name).join(', ')}.`,
    next: 'Export the run again with this version.',
  });
}

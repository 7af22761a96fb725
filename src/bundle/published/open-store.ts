// Opens the database that an address names; what it answers to a fault is told as one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InternalError, UserError } from '../../errors.js';
import type { StoreAddress } from './address.js';
import type { Driver, DriverWriter } from './driver.js';
import { reaching } from './load-client.js';

/**
 * Throws UserError STORE_CLIENT_MISSING and STORE_UNREACHABLE, and STORE_MISSING where there is no such file and none is to be made: whoever reads
 * makes nothing of a path that was mistyped.
 */
export async function openStore(address: StoreAddress, whereMissing: 'make' | 'refuse'): Promise<Driver> {
  if (whereMissing === 'refuse' && !isThere(address)) throw missing(address.shown);
  return told(await opened(address), address.shown);
}

/** Of a server it is known once it is asked. */
function isThere({ kind, target }: StoreAddress): boolean {
  if (kind === 'sqlite') return existsSync(target);
  return kind !== 'lmdb' || existsSync(join(target, 'data.mdb'));
}

const missing = (shown: string): UserError =>
  new UserError({
    code: 'STORE_MISSING',
    where: shown,
    what: 'There is no such store: nothing was ever published there.',
    next: `Mend the address, or publish a bundle: limaml store push '${shown}' --bundle bundle`,
  });

async function opened(address: StoreAddress): Promise<Driver> {
  switch (address.kind) {
    case 'redis':
      return (await import('./redis.js')).openRedis(address);
    case 'postgres':
      return (await import('./postgres.js')).openPostgres(address);
    case 'sqlite':
      return (await import('./sqlite.js')).openSqlite(address);
    case 'lmdb':
      return (await import('./lmdb.js')).openLmdb(address);
  }
}

/** The same driver; whatever a client throws is STORE_UNREACHABLE. */
function told(driver: Driver, shown: string): Driver {
  const toldWriter = (writer: DriverWriter): DriverWriter => ({
    ...writer,
    put: (rows) => reaching(shown, () => writer.put(rows)),
    remove: (rows) => reaching(shown, () => writer.remove(rows)),
    commit: (catalogue) => reaching(shown, () => writer.commit(catalogue)),
  });
  return {
    catalogue: () => reaching(shown, () => driver.catalogue()),
    get: (keys, visible) => reaching(shown, () => driver.get(keys, visible)),
    scan: (prefix) => driver.scan(prefix),
    write: async (work) => {
      // What the work itself throws is not the store's.
      let thrown: { readonly error: unknown } | undefined;
      const done = await reaching(shown, () =>
        driver.write(async (writer) => {
          try {
            return { result: await work(toldWriter(writer)) };
          } catch (error) {
            thrown = { error };
            throw error;
          }
        }),
      ).catch((error: unknown) => {
        throw thrown === undefined ? error : thrown.error;
      });
      if (done === undefined) throw new InternalError('a writer without a result');
      return done.result;
    },
    close: () => driver.close(),
  };
}

// Addresses of stores: redis://…, postgres://…, sqlite:FILE and lmdb:DIR.
import { resolve } from 'node:path';
import { UserError } from '../../errors.js';

const KINDS = ['redis', 'postgres', 'sqlite', 'lmdb'] as const;

export interface StoreAddress {
  readonly kind: (typeof KINDS)[number];
  /** What the client is given: a URL without what is ours, or a path. */
  readonly target: string;
  /** Where one database holds several bundles, whose this is. */
  readonly name: string;
  /** How long a writer that says nothing more keeps others out. */
  readonly leaseMs: number;
  /** Without password, for people. */
  readonly shown: string;
}

const SCHEMES: Readonly<Record<string, StoreAddress['kind']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};
const LEASE_SECONDS = 60;

/** Reads an address; paths are taken from `cwd`. `?name=` and `?lease=` are ours, all else is the client's. Throws UserError STORE_ADDRESS. */
export function storeAddress(text: string, cwd: string): StoreAddress {
  const file = /^(sqlite|lmdb):(?:\/\/)?([^?]+)(\?.*)?$/.exec(text);
  if (file !== null) {
    const [, kind, path, query] = file;
    const own = ownOptions(new URLSearchParams(query ?? ''), text);
    return { kind: kind as 'sqlite' | 'lmdb', target: resolve(cwd, path!), ...own, shown: text };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url === undefined ? undefined : SCHEMES[url.protocol];
  if (url === undefined || kind === undefined) throw wrongAddress(withoutPassword(text));
  const own = ownOptions(url.searchParams, withoutPassword(text));
  for (const name of ['name', 'lease']) url.searchParams.delete(name);
  const target = url.toString();
  return { kind, target, ...own, shown: withoutPassword(text) };
}

function ownOptions(query: URLSearchParams, shown: string): Pick<StoreAddress, 'name' | 'leaseMs'> {
  const name = query.get('name') ?? 'limaml';
  const lease = Number(query.get('lease') ?? LEASE_SECONDS);
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name) || !(lease >= 1)) throw wrongAddress(shown);
  return { name, leaseMs: lease * 1000 };
}

const withoutPassword = (text: string): string => text.replace(/(\/\/[^/@:]*):[^/@]*@/, '$1:…@');

const wrongAddress = (where: string): UserError =>
  new UserError({
    code: 'STORE_ADDRESS',
    where,
    what: 'This is no address of a store.',
    next: 'Write redis://host:6379/0, postgres://user@host/database, sqlite:FILE or lmdb:DIR; ?name= takes small letters, digits and _, ?lease= seconds.',
  });

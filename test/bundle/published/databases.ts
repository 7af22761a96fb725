// The stores that this machine can open: those whose client is installed, and whose server the environment names.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface TestStore {
  readonly kind: string;
  /** Address of an empty store; undefined where there is none. */
  readonly fresh: () => string;
  /** Why its tests are skipped. */
  readonly missing: string | undefined;
}

const { LIMAML_TEST_REDIS: redis, LIMAML_TEST_POSTGRES: postgres } = process.env;

const lacks = async (...packages: readonly string[]): Promise<string | undefined> => {
  for (const name of packages) {
    const found = await import(name).then(
      () => true,
      () => false,
    );
    if (!found) return `${name} is not installed`;
  }
  return undefined;
};

let made = 0;
const name = (): string => `t${process.pid}_${made++}`;
const folder = (): string => mkdtempSync(join(tmpdir(), 'limaml-store-'));

/** The skipped ones are in the list, with the reason. */
export async function testStores(): Promise<readonly TestStore[]> {
  const server = (address: string | undefined, kind: string) =>
    address === undefined ? `LIMAML_TEST_${kind.toUpperCase()} names no server` : undefined;
  return [
    {
      kind: 'redis',
      fresh: () => `${redis}?name=${name()}&lease=2`,
      missing: server(redis, 'redis') ?? (await lacks('redis')),
    },
    {
      kind: 'postgres',
      fresh: () => `${postgres}?name=${name()}`,
      missing: server(postgres, 'postgres') ?? (await lacks('pg', 'pg-copy-streams')),
    },
    {
      kind: 'sqlite',
      fresh: () => `sqlite:${join(folder(), 'store.db')}`,
      missing: await lacks('node:sqlite'),
    },
    { kind: 'lmdb', fresh: () => `lmdb:${join(folder(), 'store')}`, missing: await lacks('lmdb') },
  ];
}

/** What tests use of the package pg. */
export interface PostgresPackage {
  readonly default: {
    readonly Client: new (
      options: object,
    ) => {
      connect(): Promise<unknown>;
      query(
        text: string,
      ): Promise<{ readonly rowCount: number; readonly rows: readonly { readonly value: Buffer }[] }>;
      end(): Promise<void>;
    };
  };
}

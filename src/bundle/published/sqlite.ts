// SQLite: one file with a table of rows by key and version, and one of catalogues; a writer is one transaction.
import { inTurn } from '../../claim.js';
import type { StoreAddress } from './address.js';
import { type Driver, type DriverWriter, PATIENCE_MS } from './driver.js';
import { loadClient, reaching } from './load-client.js';

interface Statement {
  run(...values: readonly unknown[]): unknown;
  get(...values: readonly unknown[]): Record<string, unknown> | undefined;
  all(...values: readonly unknown[]): readonly Record<string, unknown>[];
}
interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}
interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: object) => Sqlite;
}

const NEWER_NODE = 'Node.js 22.13 or later, which has SQLite built in; or take lmdb:DIR';
const SCANNED_AT_ONCE = 10_000;
const BUSY_MS = 10_000;

export async function openSqlite(address: StoreAddress): Promise<Driver> {
  const { DatabaseSync } = await withoutNotice(() =>
    loadClient<SqliteModule>('node:sqlite', address.shown, NEWER_NODE),
  );
  const open = (): Promise<Sqlite> =>
    reaching(address.shown, async () => {
      const database = new DatabaseSync(address.target);
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
      return database;
    });
  const reader = await open();
  const tables = reader.prepare(
    `SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name IN ('${address.name}_rows', '${address.name}_catalogue')`,
  );
  let made = false;
  /** The first writer makes the tables: it is the only one of the file, whatever its name, and a reader would wait for another's end. */
  const isMade = (): boolean => {
    made ||= tables.get()!['n'] === 2;
    return made;
  };
  const catalogue = `SELECT content FROM ${address.name}_catalogue`;
  return {
    catalogue: async () =>
      isMade() ? ((reader.prepare(catalogue).get()?.['content'] as string | null) ?? undefined) : undefined,
    async get(keys, visible) {
      if (!isMade()) return keys.map(() => undefined);
      const within = visible.map(([from, to]) => `version BETWEEN ${from} AND ${to}`).join(' OR ');
      const latest = reader.prepare(
        `SELECT value FROM ${address.name}_rows WHERE key = ? AND (${within || 'false'}) ORDER BY version DESC LIMIT 1`,
      );
      return keys.map((key) => latest.get(key)?.['value'] as Uint8Array | undefined);
    },
    async *scan(prefix) {
      if (!isMade()) return;
      const next = reader.prepare(
        `SELECT key, group_concat(version) AS versions FROM ${address.name}_rows WHERE key > ? AND substr(key, 1, ${prefix.length}) = ? GROUP BY key ORDER BY key LIMIT ${SCANNED_AT_ONCE}`,
      );
      for (let after = ''; ; ) {
        const rows = next.all(after, prefix);
        if (rows.length === 0) return;
        yield rows.map(
          ({ key, versions }) => [key as string, (versions as string).split(',').map(Number)] as const,
        );
        after = rows.at(-1)!['key'] as string;
      }
    },
    write: (work) =>
      inTurn(`${address.target}.writing`, PATIENCE_MS, async () => {
        // A connection of its own: readers of this process go on beside the transaction.
        const own = await open();
        try {
          own.exec(`PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS ${address.name}_rows (key TEXT, version INTEGER, value BLOB NOT NULL, PRIMARY KEY (key, version)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS ${address.name}_catalogue (id INTEGER PRIMARY KEY, versions INTEGER NOT NULL, content TEXT);`);
          const row = own
            .prepare(
              `INSERT INTO ${address.name}_catalogue VALUES (0, 1, NULL) ON CONFLICT (id) DO UPDATE SET versions = versions + 1 RETURNING versions, content`,
            )
            .get()!;
          const put = own.prepare(`INSERT INTO ${address.name}_rows VALUES (?, ?, ?)`);
          const gone = own.prepare(`DELETE FROM ${address.name}_rows WHERE key = ? AND version = ?`);
          const writer: DriverWriter = {
            catalogue: (row['content'] as string | null) ?? undefined,
            version: row['versions'] as number,
            put: async (rows) => {
              for (const { key, version, value } of rows) put.run(key, version, value);
            },
            remove: async (rows) => {
              for (const { key, version } of rows) gone.run(key, version);
            },
            commit: async (text) => {
              own.prepare(`UPDATE ${address.name}_catalogue SET content = ?`).run(text);
              own.exec('COMMIT');
            },
          };
          return await work(writer);
        } finally {
          // Ends a transaction that was not committed.
          own.close();
        }
      }),
    close: async () => reader.close(),
  };
}

/** Node.js says on standard error that its SQLite is experimental, once a process: nothing that whoever runs a command could act on. */
async function withoutNotice<T>(load: () => Promise<T>): Promise<T> {
  const { emitWarning } = process;
  process.emitWarning = ((...told: Parameters<typeof emitWarning>) => {
    if ((told[1] as unknown) !== 'ExperimentalWarning') emitWarning.apply(process, told);
  }) as typeof emitWarning;
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

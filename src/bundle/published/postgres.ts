// PostgreSQL: a table of rows by key and version, and one of catalogues; a writer is one transaction.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../errors.js';
import type { StoreAddress } from './address.js';
import { type Driver, type DriverWriter, PATIENCE_MS, type StoredRow } from './driver.js';
import { loadClient, reaching } from './load-client.js';

interface Queries {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}
interface Client extends Queries {
  connect(): Promise<unknown>;
  query: Queries['query'] & ((copy: NodeJS.WritableStream) => NodeJS.WritableStream);
}
interface PgModule {
  readonly default: {
    readonly Client: new (options: object) => Client;
    readonly Pool: new (options: object) => Queries;
  };
}
interface CopyModule {
  from(text: string): NodeJS.WritableStream;
}

const SCANNED_AT_ONCE = 10_000;
/** Connections that readers of one process share: a connection does one query at a time. */
const READERS = 4;

export async function openPostgres(address: StoreAddress): Promise<Driver> {
  const { default: pg } = await loadClient<PgModule>('pg', address.shown);
  const options = { connectionString: address.target, connectionTimeoutMillis: 10_000 };
  const connect = async (): Promise<Client> => {
    const client = new pg.Client(options);
    client.on('error', () => {}); // told by the query that fails
    await reaching(address.shown, () => client.connect());
    return client;
  };
  const rowsTable = `${address.name}_rows`;
  const catalogueTable = `${address.name}_catalogue`;
  const client = new pg.Pool({ ...options, max: READERS });
  client.on('error', () => {}); // of a connection that nobody uses: the next query opens another
  await reaching(address.shown, () => client.query('SELECT 1'));
  const exists = async (): Promise<boolean> =>
    (await client.query('SELECT to_regclass($1) AS found', [catalogueTable])).rows[0]!['found'] !== null;
  const content = async (): Promise<string | undefined> =>
    (await client.query(`SELECT content FROM ${catalogueTable}`)).rows[0]?.['content'] as string | undefined;
  return {
    catalogue: async () => ((await exists()) ? content() : undefined),
    async get(keys, visible) {
      if (keys.length === 0) return [];
      const within = visible.map(([from, to]) => `version BETWEEN ${from} AND ${to}`).join(' OR ');
      const { rows } = await client.query(
        `SELECT DISTINCT ON (key) key, value FROM ${rowsTable} WHERE key = ANY($1) AND (${within || 'false'}) ORDER BY key, version DESC`,
        [keys],
      );
      const found = new Map(rows.map(({ key, value }) => [key as string, value as Uint8Array]));
      return keys.map((key) => found.get(key));
    },
    async *scan(prefix) {
      if (!(await exists())) return;
      let after = '';
      for (;;) {
        const { rows } = await client.query(
          `SELECT key, array_agg(version) AS versions FROM ${rowsTable} WHERE key > $1 AND starts_with(key, $2) GROUP BY key ORDER BY key LIMIT ${SCANNED_AT_ONCE}`,
          [after, prefix],
        );
        if (rows.length === 0) return;
        yield rows.map(({ key, versions }) => [key as string, (versions as unknown[]).map(Number)] as const);
        after = rows.at(-1)!['key'] as string;
      }
    },
    async write(work) {
      const { from } = await loadClient<CopyModule>('pg-copy-streams', address.shown);
      // A connection of its own: readers of this process go on beside the transaction.
      const own = await connect();
      try {
        await own.query('BEGIN');
        await locked(own, address);
        await own.query(
          `CREATE TABLE IF NOT EXISTS ${rowsTable} (key text COLLATE "C", version bigint, value bytea NOT NULL, PRIMARY KEY (key, version))`,
        );
        await own.query(
          `CREATE TABLE IF NOT EXISTS ${catalogueTable} (id int PRIMARY KEY, versions bigint NOT NULL, content text)`,
        );
        const { rows } = await own.query(
          `INSERT INTO ${catalogueTable} AS c VALUES (0, 1, NULL) ON CONFLICT (id) DO UPDATE SET versions = c.versions + 1 RETURNING versions, content`,
        );
        const writer: DriverWriter = {
          catalogue: (rows[0]!['content'] as string | null) ?? undefined,
          version: Number(rows[0]!['versions']),
          put: async (put) => {
            const copy = own.query(from(`COPY ${rowsTable} (key, version, value) FROM STDIN`));
            await pipeline(Readable.from(put.map(copyLine)), copy);
          },
          remove: async (gone) => {
            await own.query(
              `DELETE FROM ${rowsTable} r USING unnest($1::text[], $2::bigint[]) AS g(key, version) WHERE r.key = g.key AND r.version = g.version`,
              [gone.map(({ key }) => key), gone.map(({ version }) => version)],
            );
          },
          commit: async (text) => {
            await own.query(`UPDATE ${catalogueTable} SET content = $1`, [text]);
            await own.query('COMMIT');
          },
        };
        return await work(writer);
      } finally {
        // Ends a transaction that was not committed.
        await own.end();
      }
    },
    close: () => client.end(),
  };
}

async function locked(client: Client, { name, shown }: StoreAddress): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = ${PATIENCE_MS}`);
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`limaml ${name}`]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== '55P03') throw cause;
    throw new UserError(
      {
        code: 'BUSY',
        where: shown,
        what: 'Another writer is at work there.',
        next: 'Try again when it is done.',
      },
      { cause },
    );
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const copyLine = ({ key, version, value }: StoredRow): string =>
  `${key.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!)}\t${version}\t\\\\x${Buffer.from(value).toString('hex')}\n`;

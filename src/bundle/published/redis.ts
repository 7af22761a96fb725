// Redis: a hash for each key, its fields the versions; what writes does so through scripts that look at the lock first.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import type { StoreAddress } from './address.js';
import { type Driver, type DriverWriter, isVisible, PATIENCE_MS, type StoredRow } from './driver.js';
import { loadClient, reaching } from './load-client.js';

interface Client {
  connect(): Promise<unknown>;
  sendCommand(args: readonly (string | Buffer)[], options?: object): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  destroy(): void;
  close(): Promise<void>;
}

interface RedisModule {
  createClient(options: object): Client;
  readonly RESP_TYPES: { readonly BLOB_STRING: number };
}

const LOOK_MS = 50;
const ROWS_AT_ONCE = 500;
const KEYS_AT_ONCE = 500;

/** ARGV: token, lease in milliseconds, then key, field, value of each row. Nothing is written by one who lost the lock. */
const PUT = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for i = 3, #ARGV, 3 do redis.call('HSET', ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
return 1`;
const REMOVE = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HDEL', ARGV[i], ARGV[i + 1]) end
return 1`;
const COMMIT = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 1`;
const LEAVE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

export async function openRedis(address: StoreAddress): Promise<Driver> {
  const { createClient, RESP_TYPES } = await loadClient<RedisModule>('redis', address.shown);
  const client = createClient({ url: address.target, socket: { reconnectStrategy: false } });
  // Told by the command that fails; without a listener Node would end the process.
  client.on('error', () => {});
  await reaching(address.shown, () => client.connect());
  // One slot of a cluster holds all keys of a store: scripts touch several.
  const own = (name: string): string => `{${address.name}}:${name}`;
  const asBytes = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };
  const send = (...args: readonly (string | Buffer)[]): Promise<unknown> => client.sendCommand(args);
  const catalogue = async (): Promise<string | undefined> =>
    ((await send('GET', own('catalogue'))) as string | null) ?? undefined;
  const script = (text: string, keys: readonly string[], values: readonly (string | Buffer)[]) =>
    send('EVAL', text, String(keys.length), ...keys.map(own), ...values) as Promise<number>;
  const read = async (key: string): Promise<readonly (readonly [number, Buffer])[]> =>
    fieldsOf(await client.sendCommand(['HGETALL', own(key)], asBytes));
  return {
    catalogue,
    async get(keys, visible) {
      const values: (Uint8Array | undefined)[] = [];
      for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
        const some = await Promise.all(keys.slice(from, from + KEYS_AT_ONCE).map(read));
        for (const versions of some) {
          const latest = versions.filter(([version]) => isVisible(version, visible));
          values.push(latest.sort(([a], [b]) => b - a)[0]?.[1]);
        }
      }
      return values;
    },
    async *scan(prefix) {
      let cursor = '0';
      const pattern = own(prefix).replace(/[*?[\]\\]/g, '\\$&');
      // The same key may be given twice while the server rehashes.
      const seen = new Set<string>();
      do {
        const [next, keys] = (await send('SCAN', cursor, 'MATCH', `${pattern}*`, 'COUNT', '1000')) as [
          string,
          string[],
        ];
        cursor = next;
        const fresh = keys.filter((key) => !seen.has(key) && !BESIDE.has(key.slice(own('').length)));
        for (const key of fresh) seen.add(key);
        const found = await Promise.all(fresh.map((key) => send('HKEYS', key) as Promise<string[]>));
        if (fresh.length > 0)
          yield fresh.map((key, i) => [key.slice(own('').length), found[i]!.map(Number)] as const);
      } while (cursor !== '0');
    },
    async write(work) {
      const token = randomUUID();
      const lease = String(address.leaseMs);
      for (let waited = 0; ; waited += LOOK_MS) {
        if ((await send('SET', own('writing'), token, 'NX', 'PX', lease)) !== null) break;
        if (waited >= PATIENCE_MS) throw busy(address);
        await sleep(LOOK_MS);
      }
      const guarded = async (text: string, keys: readonly string[], values: readonly (string | Buffer)[]) => {
        if ((await script(text, ['writing', ...keys], [token, ...values])) !== 1) throw lockLost(address);
      };
      const inPieces = async <R>(
        text: string,
        rows: readonly R[],
        cells: (row: R) => readonly (string | Buffer)[],
      ): Promise<void> => {
        for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
          await guarded(text, [], [lease, ...rows.slice(from, from + ROWS_AT_ONCE).flatMap(cells)]);
      };
      const writer: DriverWriter = {
        catalogue: await catalogue(),
        version: (await send('INCR', own('version'))) as number,
        put: (rows) =>
          inPieces(PUT, rows, ({ key, version, value }: StoredRow) => [
            own(key),
            String(version),
            Buffer.from(value),
          ]),
        remove: (rows) => inPieces(REMOVE, rows, ({ key, version }) => [own(key), String(version)]),
        commit: (text) => guarded(COMMIT, ['catalogue'], [text]),
      };
      try {
        return await work(writer);
      } finally {
        await script(LEAVE, ['writing'], [token]).catch(() => undefined);
      }
    },
    close: () => client.close(),
  };
}

/** Keys that hold no rows. */
const BESIDE = new Set(['catalogue', 'writing', 'version']);

/** HGETALL is a list under one version of the protocol and a map under the other. */
function fieldsOf(reply: unknown): readonly (readonly [number, Buffer])[] {
  const pairs: (readonly [number, Buffer])[] = [];
  if (Array.isArray(reply))
    for (let i = 0; i < reply.length; i += 2) pairs.push([Number(String(reply[i])), reply[i + 1] as Buffer]);
  else if (reply instanceof Map)
    for (const [field, value] of reply) pairs.push([Number(String(field)), value]);
  else
    for (const [field, value] of Object.entries(reply as Record<string, Buffer>))
      pairs.push([Number(field), value]);
  return pairs;
}

const busy = ({ shown }: StoreAddress): UserError =>
  new UserError({
    code: 'BUSY',
    where: shown,
    what: 'Another writer is at work there.',
    next: 'Try again when it is done.',
  });

const lockLost = ({ shown, leaseMs }: StoreAddress): UserError =>
  new UserError({
    code: 'STORE_LOCK_LOST',
    where: shown,
    what: `Another writer took over: this one said nothing for ${leaseMs / 1000} s, or the lock was deleted.`,
    next: 'Run the command again. Readers saw nothing of this one.',
  });

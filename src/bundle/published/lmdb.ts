// LMDB: a memory-mapped folder; keys end in the version, so that the versions of a row lie beside each other.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn } from '../../claim.js';
import type { StoreAddress } from './address.js';
import { type Driver, type DriverWriter, isVisible, PATIENCE_MS } from './driver.js';
import { loadClient, reaching } from './load-client.js';

type Key = readonly [string, number];

interface Lmdb {
  get(key: unknown): unknown;
  getRange(options: object): Iterable<{ readonly key: Key; readonly value: Uint8Array }>;
  getKeys(options: object): Iterable<Key>;
  put(key: unknown, value: unknown): Promise<boolean>;
  remove(key: unknown): Promise<boolean>;
  transaction<T>(work: () => T): Promise<T>;
  resetReadTxn(): void;
}
type Root = Lmdb & { openDB(options: object): Lmdb };
interface LmdbModule {
  open(options: object): Root;
}

const SCANNED_AT_ONCE = 10_000;

export async function openLmdb(address: StoreAddress): Promise<Driver> {
  const { open } = await loadClient<LmdbModule>('lmdb', address.shown);
  const { rows, own } = await reaching(address.shown, async () => {
    // LMDB ends the process at a file that is none of its own.
    await mkdir(address.target, { recursive: true });
    // Without overlap a commit that is done is on the disk.
    const root =
      opened.get(address.target) ??
      open({ path: address.target, noSubdir: false, maxDbs: 64, overlappingSync: false });
    opened.set(address.target, root);
    return {
      rows: root.openDB({ name: `${address.name}_rows`, encoding: 'binary' }),
      own: root.openDB({ name: `${address.name}_catalogue`, encoding: 'json' }),
    };
  });
  const catalogue = (): string | undefined => own.get('catalogue') as string | undefined;
  return {
    catalogue: async () => {
      // Else a reader sees what was there when this turn of the event loop began.
      own.resetReadTxn();
      return catalogue();
    },
    async get(keys, visible) {
      return keys.map((key) => {
        const range = { start: [key, Number.POSITIVE_INFINITY], end: [key, -1], reverse: true };
        for (const { key: found, value } of rows.getRange(range))
          if (isVisible(found[1], visible)) return Uint8Array.from(value);
        return undefined;
      });
    },
    async *scan(prefix) {
      let piece: (readonly [string, number[]])[] = [];
      for (const [key, version] of rows.getKeys({ start: [prefix] })) {
        if (!key.startsWith(prefix)) break;
        const last = piece.at(-1);
        if (last?.[0] === key) {
          last[1].push(version);
          continue;
        }
        if (piece.length >= SCANNED_AT_ONCE) {
          yield piece;
          piece = [];
        }
        piece.push([key, [version]]);
      }
      if (piece.length > 0) yield piece;
    },
    write: (work) =>
      inTurn(join(address.target, `${address.name}.writing`), PATIENCE_MS, async () => {
        own.resetReadTxn();
        const version = ((own.get('version') as number | undefined) ?? 0) + 1;
        // Kept before any row: a writer that dies leaves rows of a number that nobody uses again.
        await own.put('version', version);
        const writer: DriverWriter = {
          catalogue: catalogue(),
          version,
          put: (put) =>
            rows.transaction(() => {
              for (const row of put) void rows.put([row.key, row.version], Buffer.from(row.value));
            }),
          remove: (gone) =>
            rows.transaction(() => {
              for (const row of gone) void rows.remove([row.key, row.version]);
            }),
          commit: async (text) => {
            await own.put('catalogue', text);
          },
        };
        return work(writer);
      }),
    close: async () => {},
  };
}

/** A process may open a folder once only: it stays open until the process ends. */
const opened = new Map<string, Root>();

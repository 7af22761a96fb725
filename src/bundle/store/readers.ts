// Databases that read a bundle's files: one that stays open, one for a while.
import type { Database } from '../../database/database.js';
import type { RawPiece } from '../../prepared/raw-column.js';
import { type ColumnKinds, openReader, readRaw } from '../../prepared/read-raw.js';

/** A database that stays open: to open one takes far longer than to find the rows of an entity. Queries come one after the other. */
export function openNamed(): {
  use<T>(work: (database: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
} {
  let database: Promise<Database> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    use(work) {
      database ??= openReader();
      const opened = database;
      const done = turn.then(async () => work(await opened));
      turn = done.catch(() => undefined);
      return done;
    },
    async close() {
      await turn;
      (await database)?.close();
      database = undefined;
    },
  };
}

export async function allRows(
  database: Database,
  select: string,
  kinds: ColumnKinds,
): Promise<readonly RawPiece[]> {
  const pieces: RawPiece[] = [];
  for await (const piece of readRaw(database, select, kinds)) pieces.push(piece);
  return pieces;
}

export async function withReader<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openReader();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export async function* streamed<T>(read: (database: Database) => AsyncIterable<T>): AsyncGenerator<T> {
  const database = await openReader();
  try {
    yield* read(database);
  } finally {
    database.close();
  }
}

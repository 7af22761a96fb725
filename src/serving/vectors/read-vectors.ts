// Vectors that another engine computed: Parquet files held to a bundle, row by row, before any of them is taken.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, listColumn, openDatabase } from '../../database/database.js';
import { UserError, UserErrors } from '../../errors.js';
import { hashFile, hashJson } from '../../hash.js';
import { invalid, loadVectorFile, type VectorsOf } from './vector-file.js';

interface VectorPiece {
  readonly entities: readonly string[];
  /** [entities × dimensions] */
  readonly vectors: Float32Array;
  /** Milliseconds since 1970; NaN where it is not said. */
  readonly lastEventMs: Float64Array;
}

export interface ReadVectors {
  readonly rows: number;
  readonly files: number;
  /** Of the files' content, in the order of their paths. */
  readonly sha256: string;
  pieces(): AsyncGenerator<VectorPiece>;
  close(): Promise<void>;
}

const MEMORY_MB = 512;
const SHOWN = 20;
/** Rows of one piece. */
const PIECE = 16_384;

/**
 * Reads all Parquet files below `folder`: `member` (or `entity`), `vector`, `model`, and `last_event_ms` where it is there. `work`: a
 * folder for scratch. Throws `UserErrors` with VECTORS_FILES, VECTORS_INVALID or VECTORS_MODEL, by file and row.
 */
export async function readVectors(folder: string, of: VectorsOf, work: string): Promise<ReadVectors> {
  const files = await vectorFiles(folder);
  const scratch = join(work, 'vectors.duckdb');
  const database = await openDatabase({
    file: scratch,
    spillDirectory: join(work, 'vectors.tmp'),
    memoryLimitMb: MEMORY_MB,
    threads: 2,
  });
  const close = async (): Promise<void> => {
    database.close();
    for (const path of [scratch, `${scratch}.wal`, join(work, 'vectors.tmp')])
      await rm(path, { recursive: true, force: true });
  };
  try {
    await database.run(
      `CREATE TABLE vectors (entity VARCHAR, vector FLOAT[${of.dimensions}], last_event_ms BIGINT, file INTEGER, "row" BIGINT)`,
    );
    const faults: UserError[] = [];
    const hashes: string[] = [];
    for (const [file, path] of files.entries()) {
      if (faults.length >= SHOWN) break;
      faults.push(...(await loadVectorFile(database, path, file, of)));
      hashes.push(await hashFile(path));
    }
    if (faults.length === 0) faults.push(...(await repeated(database, files)));
    if (faults.length > 0) throw new UserErrors(faults.slice(0, SHOWN));
    const { rows = 0 } = await database.numbers('SELECT count(*) AS rows FROM vectors');
    return {
      rows,
      files: files.length,
      sha256: hashJson(hashes),
      pieces: () => pieces(database, of.dimensions),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function vectorFiles(folder: string): Promise<readonly string[]> {
  const next = 'Name a folder of Parquet files: docs/serving.md, "Vectors computed elsewhere".';
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const entries = isFolder ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const isPassedOver = (path: string): boolean =>
    path
      .slice(folder.length + 1)
      .split(/[\\/]/)
      .some((step) => /^[._]/.test(step));
  const found = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isPassedOver(path))
    .sort();
  const other = found.find((path) => !path.endsWith('.parquet'));
  if (found.length > 0 && other === undefined) return found;
  throw new UserError({
    code: 'VECTORS_FILES',
    where: other ?? folder,
    what:
      other === undefined
        ? 'There are no Parquet files.'
        : 'This is no Parquet file: its name does not end with .parquet.',
    next,
  });
}

async function repeated(database: Database, files: readonly string[]): Promise<readonly UserError[]> {
  const twice = await database.rows(
    `SELECT entity, file, "row", n FROM (SELECT *, count(*) OVER (PARTITION BY entity) AS n, row_number() OVER (PARTITION BY entity ORDER BY file, "row") AS nth
      FROM (SELECT entity, file, "row" FROM vectors)) WHERE nth = 2 ORDER BY file, "row" LIMIT ${SHOWN}`,
  );
  return twice.map((row) =>
    invalid(
      files[Number(row['file'])]!,
      `Row ${row['row']}, counted from 0, has member "${row['entity']}" again: there are ${row['n']} vectors for it.`,
    ),
  );
}

async function* pieces(database: Database, size: number): AsyncGenerator<VectorPiece> {
  const result = await database.stream(
    'SELECT entity, CAST(vector AS FLOAT[]) AS vector, CAST(last_event_ms AS DOUBLE) AS last_event_ms FROM vectors',
  );
  for (let ended = false; !ended; ) {
    const entities: string[] = [];
    const vectors = new Float32Array(PIECE * size);
    const lastEventMs: number[] = [];
    while (entities.length + 2048 <= PIECE) {
      const chunk = await result.fetchChunk();
      ended = chunk === null || chunk.rowCount === 0;
      if (chunk === null || ended) break;
      const lists = listColumn(chunk.getColumnVector(1));
      const child = lists.childVector;
      for (let row = 0; row < chunk.rowCount; row++) {
        const [from, to] = [lists.getEntryOffset(row), (entities.length + row) * size];
        for (let d = 0; d < size; d++) vectors[to + d] = child.getItem(from + d) as number;
      }
      for (const id of chunk.getColumnValues(0)) entities.push(id as string);
      for (const ms of chunk.getColumnValues(2)) lastEventMs.push((ms ?? Number.NaN) as number);
    }
    if (entities.length > 0)
      yield {
        entities,
        vectors: vectors.slice(0, entities.length * size),
        lastEventMs: Float64Array.from(lastEventMs),
      };
  }
}

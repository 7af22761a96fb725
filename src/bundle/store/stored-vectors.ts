// Vectors out of embeddings.parquet: all of them in one block of memory, or some entities' read when they are asked for.
import { bytesIn, type Database, listedFloats } from '../../database/database.js';
import { InternalError } from '../../errors.js';
import { unpackVector, vectorBytes } from '../format/vector-type.js';
import { idIndex } from './id-index.js';
import type { BundleStore, StoreLayout } from './store.js';

type Found = Awaited<ReturnType<BundleStore['vectors']>>;

/** What `relation` holds, kept: gives the vectors of any entities. */
export async function allVectors(
  database: Database,
  relation: string,
  layout: StoreLayout,
): Promise<(ids: readonly string[]) => Found> {
  const size = sizeOf(layout);
  // No text has more UTF-16 units than bytes of UTF-8.
  const { n = 0, bytes } = await database.numbers(
    `SELECT count(*) AS n, coalesce(sum(strlen(entity)), 0) AS bytes FROM ${relation}`,
  );
  const index = idIndex(n, bytes!);
  const vectors = new Float32Array(n * size);
  let at = 0;
  for await (const { entities, floats } of chunks(database, relation, layout, size)) {
    vectors.set(floats, at * size);
    for (const entity of entities) index.add(entity);
    at += entities.length;
  }
  return (ids) => {
    const found = new Uint8Array(ids.length);
    const result = new Float32Array(ids.length * size);
    ids.forEach((id, i) => {
      const row = index.rowOf(id);
      if (row === -1) return;
      found[i] = 1;
      result.set(vectors.subarray(row * size, (row + 1) * size), i * size);
    });
    return { vectors: result, found };
  };
}

/** The vectors of `ids`, of which `relation` holds those that there are. */
export async function someVectors(
  database: Database,
  relation: string,
  ids: readonly string[],
  layout: StoreLayout,
): Promise<Found> {
  const size = sizeOf(layout);
  const places = new Map(ids.map((id, i) => [id, i]));
  const found = new Uint8Array(ids.length);
  const vectors = new Float32Array(ids.length * size);
  for await (const { entities, floats } of chunks(database, relation, layout, size))
    entities.forEach((entity, i) => {
      const place = places.get(entity)!;
      found[place] = 1;
      vectors.set(floats.subarray(i * size, (i + 1) * size), place * size);
    });
  return { vectors, found };
}

async function* chunks(
  database: Database,
  relation: string,
  { vectorType }: StoreLayout,
  size: number,
): AsyncGenerator<{ readonly entities: readonly string[]; readonly floats: Float32Array }> {
  const result = await database.stream(`SELECT entity, vector FROM ${relation}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const column = chunk.getColumnVector(1);
    const floats = vectorType === 'float32' ? listedFloats(column) : new Float32Array(chunk.rowCount * size);
    if (floats.length !== chunk.rowCount * size)
      throw new InternalError(`a vector is not of ${size} numbers`);
    for (let row = 0; vectorType !== 'float32' && row < chunk.rowCount; row++) {
      const bytes = bytesIn(column, row);
      if (bytes.length !== vectorBytes(vectorType, size))
        throw new InternalError(`a vector is not of ${size} numbers`);
      unpackVector(vectorType, bytes, floats, row * size);
    }
    yield { entities: chunk.getColumnValues(0) as string[], floats };
  }
}

function sizeOf({ dimensions }: StoreLayout): number {
  if (dimensions === null) throw new InternalError('the model has no meta embeddings');
  return dimensions;
}

// Stored vectors against adapt.onnx on the stored support rows: what a refresh will rest on.
import { join } from 'node:path';
import { BUNDLE_FILES } from '../bundle/manifest.js';
import type { Bundle } from '../bundle/open-bundle.js';
import { priorVectors } from '../bundle/prior.js';
import { parquetFile } from '../database/files.js';
import { quoted } from '../database/sql.js';
import { adaptStored, type SideTables, sideColumn } from '../serving/stored-support.js';
import { loadEmbeddings, loadSideTable, openReader, readRaw } from './raw-tables.js';

/** About so many entities are compared, drawn by the seed; all when there are fewer. */
const ENTITIES = 5000;

/** The larger of two errors; a difference that is no number is the largest there is. */
export function worse(largest: number, difference: number): number {
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, Math.abs(difference));
}

/**
 * Compares vectors of embeddings.parquet with what the other files of the bundle give for their entities. Numbers above 1 are
 * compared relative to their size.
 */
export async function compareVectors(
  bundle: Bundle,
  seed: number,
): Promise<{ readonly vectors: number; readonly maxVectorError: number }> {
  const { folder, manifest } = bundle;
  const stored = await loadEmbeddings(folder, manifest);
  const sides: SideTables = {
    entity: await loadSideTable(folder, manifest, 'entity'),
    item: await loadSideTable(folder, manifest, 'item'),
  };
  let vectors = 0;
  let maxVectorError = 0;
  const compare = (entities: readonly string[], found: Float32Array): void => {
    entities.forEach((entity, i) => {
      const row = stored.rowOf.get(entity);
      for (let d = 0; d < stored.size; d++) {
        const expected = row === undefined ? Number.NaN : stored.vectors[row * stored.size + d]!;
        const difference = found[i * stored.size + d]! - expected;
        maxVectorError = worse(maxVectorError, difference / Math.max(1, Math.abs(expected)));
      }
    });
    vectors += entities.length;
  };
  const parts = Math.max(1, Math.round(manifest.data.entities / ENTITIES));
  const drawn = `md5_number_lower(entity || ${quoted(`:${seed}`)}) % ${parts} = 0`;
  const table = (file: string): string => parquetFile(join(folder, file));
  const database = await openReader();
  try {
    const support = `SELECT * FROM ${table(BUNDLE_FILES.support)} WHERE ${drawn}`;
    for await (const { entities, vectors: found } of adaptStored(bundle, sides, database, support))
      compare(entities, found);
    const without = `SELECT entity FROM ${table(BUNDLE_FILES.embeddings)} WHERE support = 0 AND ${drawn}`;
    for await (const { rows, columns } of readRaw(database, without, { entity: 'text' })) {
      const ids = columns.get('entity')!.values as readonly string[];
      const own = manifest.inputs.adapt.filter(({ side }) => side === 'entity');
      const features = new Map(own.map((input) => [input.name, sideColumn(input, sides.entity, ids)]));
      compare(ids, await priorVectors(await bundle.adapt(), manifest.inputs.adapt, features, rows));
    }
  } finally {
    database.close();
  }
  return { vectors, maxVectorError };
}

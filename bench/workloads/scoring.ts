// Workload (d): probabilities of one million rows through workload (b)'s global block, as a batch scorer does.
import { randomStream } from '../../src/random.js';
import type { Workload } from './arrays.js';
import { uniforms } from './fills.js';
import { drawEntities, drawItems, sparseSizes, sparseWeights } from './sparse-meta.js';

const SEED = 3;

/**
 * A row is an entity and an item's eight indices. The entity's exported meta embedding [64] and its four feature indices
 * are looked up by the entity's number, then twelve embeddings are gathered; rows come in no order.
 */
export function scoring(setting: string): Workload {
  const rows = 1_000_000;
  const entities = 100_000;
  const stream = randomStream(SEED, 'bench', 'score');
  const rowEntities = new Int32Array(rows);
  for (let row = 0; row < rows; row++) rowEntities[row] = stream.integer(entities);
  const { V1, c1, V2, c2, table } = sparseWeights();
  return {
    setting,
    kind: 'score',
    numbers: { rows, entities, ...sparseSizes },
    arrays: {
      V1: V1!,
      c1: c1!,
      V2: V2!,
      c2: c2!,
      table: table!,
      metaEmbeddings: uniforms(stream, [entities, sparseSizes.embedding], 1),
      entityFeatures: drawEntities(stream, entities),
    },
    batches: [{ rowEntities: { shape: [rows], data: rowEntities }, rowItems: drawItems(stream, rows) }],
  };
}

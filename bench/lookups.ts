// What the look-ups of workload d take alone, on one thread, in loops of nothing else: no engine of ours can score its rows faster.
import { gatherRows } from '../src/engine/features/table-rows.js';
import type { Workload } from './workloads/arrays.js';

const TILE_ROWS = 2048;
const ROUNDS = 5;

interface LookupTimes {
  readonly rows: number;
  /** Quickest of the rounds, of all rows: indices found by row and entity, their embeddings gathered, and the entities' vectors. */
  readonly indicesMs: number;
  readonly embeddingsMs: number;
  readonly vectorsMs: number;
}

/** The embeddings lie side by side in a tile's rows, as an engine is fed them. */
export function benchLookups({ arrays, batches, numbers }: Workload): LookupTimes {
  const { dims, embedding, entityFeatures, itemFeatures, rows } = numbers as Readonly<Record<string, number>>;
  const [table, vectors] = [arrays['table']!.data, arrays['metaEmbeddings']!.data] as [
    Float32Array,
    Float32Array,
  ];
  const owners = batches[0]!['rowEntities']!.data as Int32Array;
  const columns = [
    ...columnsOf(arrays['entityFeatures']!.data, entityFeatures!).map((column) => ({
      column,
      byEntity: true,
    })),
    ...columnsOf(batches[0]!['rowItems']!.data, itemFeatures!).map((column) => ({ column, byEntity: false })),
  ];
  const width = columns.length * dims!;
  const encoded = new Float32Array(TILE_ROWS * width);
  const picked = new Float32Array(TILE_ROWS * embedding!);
  const times = Array.from({ length: ROUNDS }, () => {
    let [indicesMs, embeddingsMs, vectorsMs] = [0, 0, 0];
    for (let from = 0; from < rows!; from += TILE_ROWS) {
      const tile = owners.subarray(from, from + TILE_ROWS);
      const start = performance.now();
      const indices = columns.map(({ column, byEntity }) => {
        const found = new Int32Array(tile.length);
        for (let i = 0; i < found.length; i++) found[i] = column[byEntity ? tile[i]! : from + i]!;
        return found;
      });
      const found = performance.now();
      indices.forEach((places, f) => {
        gatherRows(table, places, dims!, encoded, width, f * dims!);
      });
      const gathered = performance.now();
      gatherRows(vectors, tile, embedding!, picked, embedding!, 0);
      vectorsMs += performance.now() - gathered;
      embeddingsMs += gathered - found;
      indicesMs += found - start;
    }
    return { indicesMs, embeddingsMs, vectorsMs };
  });
  const least = (of: keyof (typeof times)[number]): number => Math.min(...times.map((time) => time[of]));
  return {
    rows: rows!,
    indicesMs: least('indicesMs'),
    embeddingsMs: least('embeddingsMs'),
    vectorsMs: least('vectorsMs'),
  };
}

function columnsOf(data: ArrayLike<number>, count: number): Int32Array[] {
  return Array.from({ length: count }, (_, f) => {
    const column = new Int32Array(data.length / count);
    for (let i = 0; i < column.length; i++) column[i] = data[i * count + f]!;
    return column;
  });
}

// Bundles of a small trained model: whole or a shard of one, vectors in halves unless another type is asked for.
import type { Shard } from '../../src/bundle/format/shard.js';
import type { VectorType } from '../../src/bundle/format/vector-type.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { limaml } from '../../src/models/limaml.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { type Folder, plain, prep, temporaryFolder } from '../prep/prep-harness.js';

export const MEMBERS = 20;
const RUN = { id: 'r', options: {}, configHash: '', checkpoint: { file: 'c', sha256: '' } };

export interface SmallExport {
  readonly folder: Folder;
  readonly exported: (out: string, tileRows: number, shard?: Shard, vectors?: VectorType) => Promise<unknown>;
}

export async function smallExport(): Promise<SmallExport> {
  const folder = await temporaryFolder();
  const lines = ['user,item,time,label'];
  for (let m = 0; m < MEMBERS; m++)
    for (let n = 0; n < 3 + (m % 6); n++)
      lines.push(`m${m},i${(m * 3 + n * 5) % 8},${1_600_000_000 + 3600 * n + m},${(m + n) % 2}`);
  await folder.write('events.csv', `${lines.join('\n')}\n`);
  const { dataset } = await prep(
    folder,
    plain({ split: { kind: 'per-entity-time', test: 0.2, valid: 0.125 } }),
  );
  const model = buildSmall(limaml, dataset, { episodes: { maxSupport: 20 } });
  const { state } = await train(model, dataset, smallTraining({ epochs: 1 }));
  return {
    folder,
    exported: (outDirectory, tileRows, shard, vectors = 'float16') =>
      exportBundle({
        model,
        state,
        dataset,
        roles: SELECT_ROLES,
        execution: { ...smallExecution(), tileRows },
        run: RUN,
        through: 'test',
        vectors,
        shard,
        outDirectory,
        progress: silent,
      }),
  };
}

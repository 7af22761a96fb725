// `limaml export`: a run in, a serving bundle out.

import { UserError } from '../../errors.js';
import { runArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';
import { shardFlags, shardOf } from '../spec/shard.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a run as a serving bundle that any ONNX engine can run.',
  description:
    'score.onnx (raw features and meta embedding to probability), adapt.onnx (support rows to meta embedding), embeddings.parquet, the prior, and manifest.json. An older bundle at the same place is replaced.',
  arguments: { run: runArgument },
  flags: {
    out: { kind: 'text', value: 'dir', summary: 'folder of the bundle', required: true },
    training: {
      kind: 'integer',
      value: 'steps',
      minimum: 1,
      summary:
        'write the first outer steps of its training instead: graph, numbers, tiles, losses (docs/spark.md)',
    },
    verify: { kind: 'switch', summary: 'score test rows through the files alone; fail past 1e-5' },
    to: {
      kind: 'text',
      value: 'store',
      summary: 'publish it to this store too: redis://…, postgres://…, sqlite:FILE, lmdb:DIR',
    },
    vectors: {
      kind: 'choice',
      value: 'type',
      choices: ['float32', 'float16', 'int8'],
      summary:
        'how vectors are stored (default: float32); for others, the AUC that each costs on test rows is told',
    },
    ...shardFlags,
    through: {
      kind: 'choice',
      value: 'split',
      choices: ['train', 'valid', 'test'],
      summary: 'latest rows that the embeddings are adapted on (default: test, all there is)',
    },
  },
  examples: [
    'export latest --out bundle --verify',
    'export synthetic/latest --out bundle --through train --json',
    'export latest --out small --vectors int8',
    'export latest --out part0 --shards 2 --shard 0',
    'export latest --out part1 --shards 2 --shard 1',
  ],
  action: async ({ run, out, training, verify, to, through, vectors, shards, shard }, io) => {
    if (training !== undefined) {
      refuseBeside({ verify, to, through, vectors, shards, shard });
      const [{ findRun }, { exportRunTraining }, { renderExportedTraining }, { resolve }] = await Promise.all(
        [
          import('../../runs/find.js'),
          import('../../workflows/export-training.js'),
          import('../render/export.js'),
          import('node:path'),
        ],
      );
      const request = { outDirectory: resolve(io.cwd, out), steps: training, progress: io.progress };
      const found = findRun(run, io.cwd, io.progress);
      io.show(await exportRunTraining({ run: found, ...request }), renderExportedTraining);
      return;
    }
    const share = shardOf('export', { shards, shard }, { '--verify': verify, '--to': to });
    const [{ findRun }, { exportRun }, { keepModel }, { renderExport }, { resolve }] = await Promise.all([
      import('../../runs/find.js'),
      import('../../workflows/export.js'),
      import('../../exchange/live-model.js'),
      import('../render/export.js'),
      import('node:path'),
    ]);
    const place = findRun(run, io.cwd, io.progress);
    const result = await exportRun({
      run: place,
      outDirectory: resolve(io.cwd, out),
      through: through ?? 'test',
      vectors: vectors ?? 'float32',
      shard: share,
      verify,
      to,
      cwd: io.cwd,
      progress: io.progress,
    });
    if (share === undefined) await keepModel(place, { bundles: async () => [resolve(io.cwd, out)] }, io);
    io.show(result, renderExport);
  },
});

/** A training is no bundle: what is asked of one would be passed over in silence. Throws UserError USAGE. */
function refuseBeside(flags: Readonly<Record<string, unknown>>): void {
  const wrong = Object.entries(flags).find(([, given]) => given !== undefined && given !== false);
  if (wrong === undefined) return;
  throw new UserError({
    code: 'USAGE',
    where: 'limaml export',
    what: `--${wrong[0]} is for a bundle, and --training writes none.`,
    next: 'Export the bundle by a command of its own.',
  });
}

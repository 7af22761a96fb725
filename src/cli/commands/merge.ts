// `limaml merge`: what shards wrote in, the bundle that one process would have written out.
import { defineCommand } from '../spec/command.js';
import { bundleFlag } from '../spec/flags.js';

export const mergeCommand = defineCommand({
  name: 'merge',
  summary: 'Put together what the shards of an export or a refresh wrote.',
  description:
    'Takes the folders that limaml export or refresh wrote with --shards and --shard, every shard once, and writes the bundle that one process would have written, to the byte. Shards of a refresh also take the bundle that they refreshed.',
  arguments: { part: { many: true, summary: 'folders that the shards wrote', completes: 'file' } },
  flags: {
    out: { kind: 'text', value: 'dir', summary: 'folder of the bundle', required: true },
    bundle: { ...bundleFlag, summary: 'the bundle that was refreshed' },
  },
  examples: ['merge part0 part1 --out bundle'],
  action: async ({ part, out, bundle }, io) => {
    const [{ mergeParts }, { renderMerged }, { resolve }] = await Promise.all([
      import('../../serving/merge-parts.js'),
      import('../render/merge.js'),
      import('node:path'),
    ]);
    const merged = await mergeParts({
      parts: part.map((folder) => resolve(io.cwd, folder)),
      older: bundle === undefined ? undefined : resolve(io.cwd, bundle),
      outDirectory: resolve(io.cwd, out),
      progress: io.progress,
    });
    io.show(merged, renderMerged);
  },
});

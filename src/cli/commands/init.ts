// `limaml init`: a first descriptor for one's own log.
import { defineCommand } from '../spec/command.js';

export const initCommand = defineCommand({
  name: 'init',
  summary: 'Write a first datasets/<name>.yaml and recipe for a log, by a look at it.',
  description:
    'Reads CSV, TSV, JSON lines or Parquet, rows from all of the file. Every guess is shown with its reason; what cannot be settled is a TODO in the file, and prep stops there. Nothing that exists is overwritten.',
  arguments: { log: { summary: 'the log of events', completes: 'file' } },
  flags: {
    name: { kind: 'text', value: 'name', summary: "name of the data set (default: the file's)" },
    encoding: { kind: 'text', value: 'name', summary: 'what the log is encoded in, where it cannot be told' },
    out: { kind: 'text', value: 'dir', summary: 'folder of descriptors (default: datasets)' },
  },
  examples: ['init my-log.csv', 'init logs/clicks.parquet --name clicks'],
  action: async ({ log, name, encoding, out }, io) => {
    const [{ initDescriptor }, { renderInit }] = await Promise.all([
      import('../../onboard/sniff/init-descriptor.js'),
      import('../render/init.js'),
    ]);
    const result = await initDescriptor({
      file: log,
      directory: out ?? 'datasets',
      cwd: io.cwd,
      ...(name === undefined ? {} : { name }),
      ...(encoding === undefined ? {} : { encoding }),
    });
    io.show(result, renderInit);
  },
});

// `limaml prep`: raw logs in, a prepared data set out.
import { dataFlag, onErrorFlag, setFlag } from '../flags.js';
import { defineCommand } from '../spec.js';

export const prepCommand = defineCommand({
  name: 'prep',
  summary: 'Turn raw logs into a prepared data set.',
  description:
    'A data set is a name in datasets/ or the path of a descriptor. Nothing is done when the same data was prepared the same way before.',
  arguments: { dataset: { summary: 'name or descriptor file' } },
  flags: {
    data: dataFlag,
    out: { kind: 'text', value: 'dir', summary: 'folder to prepare into (default: prepared)' },
    set: setFlag,
    onError: onErrorFlag,
    memory: { kind: 'integer', value: 'MB', minimum: 64, summary: 'memory limit of the database' },
    threads: { kind: 'integer', value: 'n', minimum: 1, summary: 'threads of the database' },
  },
  examples: [
    'prep synthetic',
    'prep movielens-100k --data ~/data --set split.test=0.3',
    'prep datasets/mine.yaml --on-error reject',
  ],
  action: async (values, io) => {
    const [{ loadDescriptor }, { dataDirectory }, { prepare }, { renderPrep }, { resolve }] =
      await Promise.all([
        import('../../config/load-descriptor.js'),
        import('../../experiments/data-directory.js'),
        import('../../data/prepare.js'),
        import('../render/prep.js'),
        import('node:path'),
      ]);
    const { descriptor } = await loadDescriptor({ dataset: values.dataset, cwd: io.cwd, set: values.set });
    const result = await prepare({
      descriptor,
      dataDirectory: await dataDirectory(descriptor, values.data, io.env, io.cwd),
      outDirectory: resolve(io.cwd, values.out ?? 'prepared'),
      report: io.report,
      ...(values.onError === undefined ? {} : { onError: values.onError }),
      ...(values.memory === undefined ? {} : { memoryLimitMb: values.memory }),
      ...(values.threads === undefined ? {} : { threads: values.threads }),
    });
    io.show(result, renderPrep);
  },
});

// `limaml prep`: raw logs in, a prepared data set out.
import { dataFlag, onErrorFlag, setFlag } from '../flags.js';
import { defineCommand } from '../spec.js';

export const prepCommand = defineCommand({
  name: 'prep',
  summary: 'Turn raw logs into a prepared data set.',
  description:
    'A data set is a name in datasets/ or the path of a descriptor. Nothing is done when the same data was prepared the same way before. The folder of a prepared data set, of whatever program, is held to the format instead, row by row.',
  arguments: { dataset: { summary: 'name, descriptor file, or prepared folder' } },
  flags: {
    data: dataFlag,
    out: { kind: 'text', value: 'dir', summary: 'folder to prepare into (default: prepared)' },
    set: setFlag,
    onError: onErrorFlag,
    dryRun: { kind: 'switch', summary: 'only profile the raw log: counts, times, columns, suggestions' },
    memory: { kind: 'integer', value: 'MB', minimum: 64, summary: 'memory limit of the database' },
    threads: { kind: 'integer', value: 'n', minimum: 1, summary: 'threads of the database' },
  },
  examples: [
    'prep synthetic',
    'prep datasets/mine.yaml --dry-run',
    'prep movielens-100k --data ~/data --set split.test=0.3',
    'prep datasets/mine.yaml --on-error reject',
    'prep prepared/mine-0123abcd',
  ],
  action: async (values, io) => {
    const [{ loadDescriptor }, { findPrepared }, { dataDirectory }, { renderPrep }] = await Promise.all([
      import('../../config/load-descriptor.js'),
      import('../../config/find-files.js'),
      import('../../workflows/data-directory.js'),
      import('../render/prep.js'),
    ]);
    const prepared = findPrepared(values.dataset, io.cwd);
    if (prepared !== undefined) {
      const { checkPrepared } = await import('../../prep/check-prepared.js');
      io.show(await checkPrepared(prepared.path, values.set, io.progress), renderPrep);
      return;
    }
    const { descriptor } = await loadDescriptor({ dataset: values.dataset, cwd: io.cwd, set: values.set });
    const source = {
      descriptor,
      dataDirectory: await dataDirectory(descriptor, values.data, io.env, io.cwd),
      progress: io.progress,
      ...(values.memory === undefined ? {} : { memoryLimitMb: values.memory }),
      ...(values.threads === undefined ? {} : { threads: values.threads }),
    };
    if (values.dryRun) {
      const [{ profileDataset }, { renderProfile }] = await Promise.all([
        import('../../onboard/profile/profile-dataset.js'),
        import('../render/profile.js'),
      ]);
      io.show(await profileDataset(source), renderProfile);
      return;
    }
    const [{ prepare }, { resolve }] = await Promise.all([
      import('../../prep/prepare.js'),
      import('node:path'),
    ]);
    const result = await prepare({
      ...source,
      outDirectory: resolve(io.cwd, values.out ?? 'prepared'),
      ...(values.onError === undefined ? {} : { onError: values.onError }),
    });
    io.show(result, renderPrep);
  },
});

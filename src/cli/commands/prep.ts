// `limaml prep`: raw logs in, a prepared data set out.

import { defineCommand } from '../spec/command.js';
import { dataFlag, onErrorFlag, setFlag } from '../spec/flags.js';
import { typedAgain } from '../spec/typed-again.js';
import { prepDescribeCommand } from './prep-describe.js';
import { prepSealCommand } from './prep-seal.js';

export const prepCommand = defineCommand({
  name: 'prep',
  summary: 'Turn raw logs into a prepared data set.',
  description:
    'A data set is a name in datasets/ or the path of a descriptor. Nothing is done when the same data was prepared the same way before. The folder of a prepared data set, of whatever program, is held to the format instead, row by row.',
  arguments: { dataset: { summary: 'name, descriptor file, or prepared folder', completes: 'dataset' } },
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
  commands: [prepSealCommand, prepDescribeCommand],
  action: async (values, io) => {
    const { dataset, data, set, out, onError, memory: memoryLimitMb, threads } = values;
    const { env, cwd, progress } = io;
    const log = { data, set, memoryLimitMb, threads, env, cwd, progress };
    const { namedLog, prepDataset } = await import('../../workflows/prep-dataset.js');
    const named = values.dryRun ? await namedLog(dataset, log) : undefined;
    if (named?.kind === 'raw') {
      const [{ profileDataset }, { renderProfile }] = await Promise.all([
        import('../../onboard/profile/profile-dataset.js'),
        import('../render/profile.js'),
      ]);
      const prep = ['prep', dataset, ...typedAgain({ set, data, onError })];
      const next = out === undefined ? prep : [...prep, '--out', out];
      io.show(await profileDataset(named.log), (profile) => renderProfile(profile, next));
      return;
    }
    const [{ renderPrep }, { knownRecipe }] = await Promise.all([
      import('../render/prep.js'),
      import('../../config/find-files.js'),
    ]);
    const result = await prepDataset(dataset, { ...log, out, onError });
    // Without these it would be prepared otherwise, or stop at the row that was left out here.
    const typed = typedAgain({ set: set.map((value) => `prep.${value}`), data, prepared: out, onError });
    const raw =
      'checked' in result ? undefined : { known: knownRecipe(result.dataset, cwd) !== undefined, typed };
    io.show(result, (shown, style) => renderPrep(shown, style, raw));
  },
});

// `limaml check`: the regression run of a CI.
import { CheckFailed } from '../../errors.js';
import { defineCommand } from '../spec/command.js';
import { dataFlag, onErrorFlag, preparedFlag, setFlag } from '../spec/flags.js';
import { typedAgain } from '../spec/typed-again.js';

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'Train experiments anew and hold them to their expected.json.',
  description:
    'Fails (exit code 1) when a metric is worse by more than seeds alone move it, when the losses of a seed are not what they were, or when recipe or data have changed. Without names, every experiment here that has an expected.json. --update writes what was found as the new expectation and shows the difference.',
  arguments: {
    experiments: {
      summary: 'recipes or names of experiments',
      optional: true,
      many: true,
      completes: 'recipe',
    },
  },
  flags: {
    update: { kind: 'switch', summary: 'write expected.json' },
    seed: { kind: 'list', value: 'n', summary: 'train this seed, in place of check.seeds' },
    set: setFlag,
    junit: { kind: 'text', value: 'file', summary: 'write JUnit XML' },
    summary: {
      kind: 'text',
      value: 'file',
      summary: 'append a Markdown summary (for example to $GITHUB_STEP_SUMMARY)',
    },
    data: dataFlag,
    prepared: preparedFlag,
    onError: onErrorFlag,
  },
  examples: [
    'check',
    'check synthetic --junit check.xml --summary check.md',
    'check synthetic --seed 101 --seed 102 --seed 103',
    'check synthetic --update',
  ],
  action: async (values, io) => {
    const [{ checkAll }, { renderChecks }] = await Promise.all([
      import('../../workflows/check/check-all.js'),
      import('../render/check.js'),
    ]);
    const { data, prepared, onError, seed, set, update, junit, summary } = values;
    const { env, cwd, progress, now, argv: command } = io;
    const result = await checkAll(values.experiments ?? [], {
      places: { data, prepared, onError, env, cwd },
      seeds: seed,
      set,
      update,
      junit,
      summary,
      command,
      progress,
      now,
    });
    const typed = {
      check: typedAgain({ seed, set, data, prepared, onError }),
      train: typedAgain({ set, data, prepared, onError }),
    };
    io.show(result, (shown, style) => renderChecks(shown, typed, style));
    if (result.passed) return;
    const failed = result.checks.filter(({ passed }) => !passed).map(({ experiment }) => experiment);
    throw new CheckFailed({
      code: 'CHECK_REGRESSION',
      where: failed.join(', '),
      what: 'This is not what was expected, beyond what seeds alone would move.',
      next: 'Find the change; or, when it is meant, accept it with limaml check --update and commit expected.json.',
    });
  },
});

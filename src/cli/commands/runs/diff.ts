// `limaml runs diff`: where two runs part.
import { runArgument } from '../../spec/arguments.js';
import { defineCommand } from '../../spec/command.js';

export const runsDiffCommand = defineCommand({
  name: 'diff',
  summary: 'Show where two runs part: recipe, code, data, dependencies, engine, and the first epoch.',
  description: 'limaml compare shows what came out of runs; this shows what they were made with.',
  arguments: { a: runArgument, b: { ...runArgument, summary: 'the other run' } },
  flags: {},
  examples: ['runs diff latest best@synthetic', 'runs diff production latest --json'],
  action: async ({ a, b }, io) => {
    const [{ findRun }, { describeRun }, { diffRuns }, { renderDiff }] = await Promise.all([
      import('../../../runs/find.js'),
      import('../../../runs/describe.js'),
      import('../../../workflows/diff-runs.js'),
      import('../../render/run-diff.js'),
    ]);
    const [left, right] = [a, b].map((reference) => describeRun(findRun(reference, io.cwd, io.progress)));
    io.show(diffRuns(left!, right!), renderDiff);
  },
});

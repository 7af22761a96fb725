// `limaml runs show`: one run in full.
import { runArgument } from '../../spec/arguments.js';
import { defineCommand } from '../../spec/command.js';

export const runsShowCommand = defineCommand({
  name: 'show',
  summary: 'Show one run: configuration with origins, provenance, metrics.',
  arguments: { run: runArgument },
  flags: {},
  examples: ['runs show latest', 'runs show 20260802-141502', 'runs show synthetic/best --json'],
  action: async ({ run }, io) => {
    const [{ findRun }, { describeRun }, { renderRun }] = await Promise.all([
      import('../../../runs/find.js'),
      import('../../../runs/describe.js'),
      import('../../render/run.js'),
    ]);
    io.show(describeRun(findRun(run, io.cwd, io.progress)), renderRun);
  },
});

// `limaml runs`: what has been trained here, and one run in full.
import { defineCommand } from '../spec.js';

const showCommand = defineCommand({
  name: 'show',
  summary: 'Show one run: configuration with origins, provenance, metrics.',
  arguments: { run: { summary: 'id or its beginning, path, "latest" or "<experiment>/latest"' } },
  flags: {},
  examples: ['runs show latest', 'runs show 20260802-141502', 'runs show synthetic/latest --json'],
  action: async ({ run }, io) => {
    const [{ findRun, summarise }, { describeRun }, { renderRun }] = await Promise.all([
      import('../../experiments/run-index.js'),
      import('../../experiments/describe-run.js'),
      import('../render/runs.js'),
    ]);
    io.show(await describeRun(summarise(findRun(run, io.cwd))), renderRun);
  },
});

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'List the runs in experiments/*/runs.',
  description:
    'A run without DONE is listed as interrupted, failed or running; limaml train … --resume continues it.',
  arguments: {},
  flags: {},
  examples: ['runs', 'runs --json', 'runs show latest'],
  commands: [showCommand],
  action: async (_, io) => {
    const [{ listRuns, summarise }, { renderRuns }] = await Promise.all([
      import('../../experiments/run-index.js'),
      import('../render/runs.js'),
    ]);
    io.show({ runs: listRuns(io.cwd).map(summarise) }, renderRuns);
  },
});

// `limaml here`, and `limaml` alone: what there is, and how to go on.
import { defineCommand } from '../spec/command.js';

export const hereCommand = defineCommand({
  name: 'here',
  summary: 'Say what is here (data, runs, the best of them, bundles) and the next command.',
  description: 'The same as limaml without a command.',
  arguments: {},
  flags: {},
  examples: ['here', 'here --json'],
  action: async (_, io) => {
    const [{ overview }, { renderOverview }] = await Promise.all([
      import('../../workflows/overview.js'),
      import('../render/here.js'),
    ]);
    io.show(await overview(io.cwd), renderOverview);
  },
});

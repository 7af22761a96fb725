// `limaml quickstart`: everything once, on data that needs no download.

import { defineCommand } from '../spec/command.js';
import { setFlag } from '../spec/flags.js';

export const quickstartCommand = defineCommand({
  name: 'quickstart',
  summary: 'Run the main job once on made-up data: prep, train, eval, export.',
  description:
    'Generates the synthetic data set (seeded; its best reachable AUC is known), trains limaml and the wide & deep baseline, compares them, and exports a verified serving bundle. What an earlier quickstart did is reused.',
  arguments: {},
  flags: { set: setFlag },
  examples: ['quickstart', 'quickstart --set training.epochs=3'],
  action: async ({ set }, io) => {
    const [{ quickstart }, { renderQuickstart }] = await Promise.all([
      import('../../workflows/quickstart.js'),
      import('../render/quickstart.js'),
    ]);
    const { cwd, env, progress, now, argv: command } = io;
    io.show(await quickstart({ set, cwd, env, command, progress, now }), renderQuickstart);
  },
});

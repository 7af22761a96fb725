// `limaml verify`: proof of a run, a bundle or prepared data, from the thing itself.
import { runArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  summary: 'Prove that a run repeats itself, or that a bundle or prepared data is what it says.',
  description:
    'A run is trained again from its own folder, into a temporary one, and every epoch is held against what was recorded: to the last digit on the same kind of machine (platform, processor, engine), within 1 % elsewhere. It stops at the first that differs, and names what is not as it was: code, data, dependency, engine. Its evaluation is made again from the run and its baselines, and every value of eval.json held to it. A bundle is held to its hashes, its vectors to their support rows, and to its run where that is here. Prepared data is held to its format, row by row.',
  arguments: {
    what: {
      summary: `folder of a bundle or of prepared data, or a run: ${runArgument.summary}`,
      completes: 'run',
    },
  },
  flags: {
    epochs: {
      kind: 'integer',
      value: 'n',
      minimum: 1,
      summary: 'train only the first n epochs of a run again',
    },
  },
  examples: [
    'verify latest',
    'verify production --epochs 2',
    'verify bundle',
    'verify prepared/mine-0123abcd --json',
  ],
  action: async ({ what, epochs }, io) => {
    const [{ verify }, { renderVerified }] = await Promise.all([
      import('../../workflows/verify.js'),
      import('../render/verify.js'),
    ]);
    const { cwd, progress, now } = io;
    io.show(await verify(what, { epochs, cwd, progress, now }), renderVerified);
  },
});

// `limaml compare`: runs side by side.
import { runArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';

export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'Show runs side by side: what was set differently, and what came out.',
  description:
    'Keys that are equal everywhere are left out. Runs that differ in their seed alone also show how far the seed moves the metrics, which is not the uncertainty over entities that eval shows.',
  arguments: { runs: { ...runArgument, many: true } },
  flags: {},
  examples: ['compare latest 20260802-141502', 'compare synthetic/latest synthetic/20260802-141502 --json'],
  action: async ({ runs }, io) => {
    const [{ findRun }, { describeRun }, { compareRuns }, { renderComparison }, { UserError }] =
      await Promise.all([
        import('../../runs/find.js'),
        import('../../runs/describe.js'),
        import('../../workflows/compare.js'),
        import('../render/compare.js'),
        import('../../errors.js'),
      ]);
    const places = runs.map((reference) => findRun(reference, io.cwd, io.progress));
    if (new Set(places.map(({ path }) => path)).size < 2) {
      throw new UserError({
        code: 'COMPARE_ONE_RUN',
        where: runs.join(' '),
        what: 'At least two different runs are needed.',
        next: 'See: limaml runs',
      });
    }
    io.show(compareRuns(places.map(describeRun)), renderComparison);
  },
});

// `limaml runs rm` and `limaml runs gc`: runs taken away, never one that something refers to.
import { runArgument } from '../../spec/arguments.js';
import { defineCommand } from '../../spec/command.js';

const dryRunFlag = { kind: 'switch', summary: 'say what would be removed, and remove nothing' } as const;

/** An unfinished run may be resumed for as long. */
const DAYS = 7;

export const runsRmCommand = defineCommand({
  name: 'rm',
  summary: 'Remove runs.',
  description:
    'Refused for a run that is tagged, that an evaluation compares with, that has baselines of its own, or that a bundle here was exported from. All of the named runs go, or none.',
  arguments: { runs: { ...runArgument, many: true } },
  flags: {
    force: { kind: 'list', value: 'id', summary: 'remove the run of this whole id although it is needed' },
    dryRun: dryRunFlag,
  },
  examples: ['runs rm 20260802-141502 --force 20260802-141502 --dry-run'],
  action: async ({ runs, force, dryRun }, io) => {
    const [{ removeRuns }, { renderRemoved }] = await Promise.all([
      import('../../../workflows/remove-runs.js'),
      import('../../render/run-marks.js'),
    ]);
    const { cwd, progress } = io;
    const words = ['runs', 'rm', ...runs, ...force.flatMap((id) => ['--force', id])];
    const result = await removeRuns(runs, { force, dryRun, cwd, progress });
    io.show(result, (shown, style) => renderRemoved(shown, words, style));
  },
});

export const runsGcCommand = defineCommand({
  name: 'gc',
  summary: 'Remove runs that nobody misses: old unfinished ones, and baselines of runs that are gone.',
  description: `Unfinished runs can be resumed, so they stay for ${DAYS} days. What is tagged or referred to stays.`,
  arguments: {},
  flags: {
    days: {
      kind: 'integer',
      value: 'n',
      minimum: 0,
      summary: `age of unfinished runs that go (default: ${DAYS})`,
    },
    dryRun: dryRunFlag,
  },
  examples: ['runs gc --dry-run', 'runs gc --days 0'],
  action: async ({ days: typed, dryRun }, io) => {
    const [{ collectRuns }, { renderRemoved }] = await Promise.all([
      import('../../../workflows/remove-runs.js'),
      import('../../render/run-marks.js'),
    ]);
    const { cwd, progress, now } = io;
    const words = ['runs', 'gc', ...(typed === undefined ? [] : ['--days', String(typed)])];
    const result = await collectRuns({ days: typed ?? DAYS, dryRun, cwd, progress, now: now() });
    io.show(result, (shown, style) => renderRemoved(shown, words, style));
  },
});

// `limaml runs`: what has been trained here, filtered and sorted.
import { defineCommand } from '../../spec/command.js';
import { runsDiffCommand } from './diff.js';
import { runsExportCommand } from './export.js';
import { runsNoteCommand, runsTagCommand, runsUntagCommand } from './marks.js';
import { runsGcCommand, runsRmCommand } from './remove.js';
import { runsShowCommand } from './show.js';

/** A screen or two; the rest is one flag away. */
const SHOWN = 50;

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'List the runs in experiments/*/runs.',
  description:
    'Conditions name a field: experiment, model, data (name or hash), tag, state, seed, baseline, overridden, started, epochs, seconds, run; a metric on test rows (auc, logLoss) or validation rows (valid.auc); or a key of the recipe (model.inner.steps). Metrics are sorted the best first. A run without DONE is listed as interrupted, failed or running; limaml train … --resume continues it.',
  arguments: {},
  flags: {
    where: {
      kind: 'list',
      value: 'condition',
      summary: 'only runs for which it holds: model=limaml, auc>0.75',
    },
    sort: { kind: 'text', value: 'field', summary: 'sort by it; without, oldest first', completes: 'field' },
    limit: {
      kind: 'integer',
      value: 'n|all',
      minimum: 1,
      word: 'all',
      summary: `the first n of a sorted list, else the newest n (default: ${SHOWN}; with --json all)`,
    },
  },
  examples: [
    'runs',
    'runs --where experiment=synthetic --sort auc --limit 10',
    "runs --where 'valid.auc>0.75' --where tag=production --json",
    'runs show latest',
  ],
  commands: [
    runsShowCommand,
    runsTagCommand,
    runsUntagCommand,
    runsNoteCommand,
    runsDiffCommand,
    runsRmCommand,
    runsGcCommand,
    runsExportCommand,
  ],
  action: async ({ where, sort, limit }, io) => {
    const [{ listSummaries }, { limitRuns, selectRuns }, { requireAllRead }, { renderRuns }] =
      await Promise.all([
        import('../../../runs/list.js'),
        import('../../../runs/select.js'),
        import('../../../runs/unread.js'),
        import('../../render/runs.js'),
      ]);
    // Which way a metric is better is the metrics' own matter, and they are heavy.
    const gainOf =
      sort === undefined ? () => undefined : (await import('../../../runs/metric-gain.js')).gainOf;
    const { runs: all, unread } = listSummaries(io.cwd);
    const selected = selectRuns(all, { where, sort }, gainOf);
    const runs = limitRuns(selected, sort, limit ?? (io.json ? 'all' : SHOWN));
    io.show({ runs, unread }, (shown, style) =>
      renderRuns({ ...shown, selected: selected.length, all: all.length, where, sort }, style),
    );
    requireAllRead(unread);
  },
});

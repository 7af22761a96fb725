// `limaml runs export`: runs for other programs.
import { runArgument } from '../../spec/arguments.js';
import { defineCommand } from '../../spec/command.js';

export const runsExportCommand = defineCommand({
  name: 'export',
  summary: 'Write runs for MLflow or TensorBoard.',
  description:
    'MLflow: a file store, opened with mlflow ui --backend-store-uri DIR. TensorBoard: event files, opened with tensorboard --logdir DIR. Without names, all runs here.',
  arguments: { runs: { ...runArgument, optional: true, many: true } },
  flags: {
    mlflow: { kind: 'text', value: 'dir', summary: 'folder of the MLflow file store' },
    tensorboard: { kind: 'text', value: 'dir', summary: 'folder of TensorBoard event files' },
  },
  examples: ['runs export --mlflow mlruns', 'runs export latest --tensorboard tb --json'],
  action: async ({ runs, mlflow, tensorboard }, io) => {
    const [{ findRun }, { exportRuns }, { requireAllRead }, { renderExportedRuns }] = await Promise.all([
      import('../../../runs/find.js'),
      import('../../../exchange/export-runs.js'),
      import('../../../runs/unread.js'),
      import('../../render/run.js'),
    ]);
    const { cwd, progress } = io;
    const places = runs.map((reference) => findRun(reference, cwd, progress));
    const exported = await exportRuns({ runs: places, mlflow, tensorboard, cwd, progress });
    io.show(exported, renderExportedRuns);
    requireAllRead(exported.unread);
  },
});

// `limaml runs export`: runs for other programs.
import { runArgument } from '../../spec/arguments.js';
import { defineCommand } from '../../spec/command.js';
import { bundleFlag } from '../../spec/flags.js';

export const runsExportCommand = defineCommand({
  name: 'export',
  summary: 'Write runs for MLflow or TensorBoard.',
  description:
    'MLflow: to a server, with report and bundle as artifacts, once however often it is sent; or a folder, which mlflow migrate-filestore takes into a database. TensorBoard: event files, opened with tensorboard --logdir DIR. Without names, all runs here.',
  arguments: { runs: { ...runArgument, optional: true, many: true } },
  flags: {
    mlflow: { kind: 'text', value: 'uri|dir', summary: 'http(s) address of an MLflow server, or a folder' },
    tensorboard: { kind: 'text', value: 'dir', summary: 'folder of TensorBoard event files' },
    bundle: { ...bundleFlag, summary: 'send this bundle of the run as well' },
    register: { kind: 'text', value: 'name', summary: 'make the bundle the next version of this model' },
  },
  examples: [
    'runs export --mlflow mlruns',
    'runs export latest --tensorboard tb --json',
    'runs export latest --mlflow http://localhost:5000',
  ],
  action: async ({ runs, mlflow, tensorboard, bundle, register }, io) => {
    const [{ findRun }, { exportRuns }, { requireAllRead }, { renderExportedRuns }] = await Promise.all([
      import('../../../runs/find.js'),
      import('../../../exchange/export-runs.js'),
      import('../../../runs/unread.js'),
      import('../../render/run.js'),
    ]);
    const { cwd, env, progress } = io;
    const places = runs.map((reference) => findRun(reference, cwd, progress));
    const exported = await exportRuns({
      runs: places,
      mlflow,
      tensorboard,
      bundle,
      register,
      env,
      cwd,
      progress,
    });
    io.show(exported, renderExportedRuns);
    requireAllRead(exported.unread);
  },
});

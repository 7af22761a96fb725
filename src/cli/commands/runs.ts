// `limaml runs`: what has been trained here, and one run in full.
import { defineCommand } from '../spec/command.js';

const showCommand = defineCommand({
  name: 'show',
  summary: 'Show one run: configuration with origins, provenance, metrics.',
  arguments: { run: { summary: 'id or its beginning, path, "latest" or "<experiment>/latest"' } },
  flags: {},
  examples: ['runs show latest', 'runs show 20260802-141502', 'runs show synthetic/latest --json'],
  action: async ({ run }, io) => {
    const [{ findRun }, { describeRun }, { renderRun }] = await Promise.all([
      import('../../runs/find.js'),
      import('../../runs/describe.js'),
      import('../render/runs.js'),
    ]);
    io.show(describeRun(findRun(run, io.cwd)), renderRun);
  },
});

const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write runs for MLflow or TensorBoard.',
  description:
    'MLflow: a file store, opened with mlflow ui --backend-store-uri DIR. TensorBoard: event files, opened with tensorboard --logdir DIR. Without names, all runs here.',
  arguments: { runs: { summary: 'runs', optional: true, many: true } },
  flags: {
    mlflow: { kind: 'text', value: 'dir', summary: 'folder of the MLflow file store' },
    tensorboard: { kind: 'text', value: 'dir', summary: 'folder of TensorBoard event files' },
  },
  examples: ['runs export --mlflow mlruns', 'runs export latest --tensorboard tb --json'],
  action: async ({ runs, mlflow, tensorboard }, io) => {
    const [{ findRun }, { exportRuns }, { requireAllRead }, { renderExportedRuns }] = await Promise.all([
      import('../../runs/find.js'),
      import('../../exchange/export-runs.js'),
      import('../../runs/unread.js'),
      import('../render/runs.js'),
    ]);
    const places = runs.map((reference) => findRun(reference, io.cwd));
    const { cwd, progress } = io;
    const exported = await exportRuns({ runs: places, mlflow, tensorboard, cwd, progress });
    io.show(exported, renderExportedRuns);
    requireAllRead(exported.unread);
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
  commands: [showCommand, exportCommand],
  action: async (_, io) => {
    const [{ listRuns }, { summarise }, { readEach, requireAllRead }, { renderRuns }] = await Promise.all([
      import('../../runs/find.js'),
      import('../../runs/describe.js'),
      import('../../runs/unread.js'),
      import('../render/runs.js'),
    ]);
    const { read: runs, unread } = readEach(listRuns(io.cwd), summarise);
    io.show({ runs, unread }, renderRuns);
    requireAllRead(unread);
  },
});

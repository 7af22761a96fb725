// `limaml eval`: a run against its baselines, on the same rows.

import { defineCommand } from '../spec/command.js';
import { setFlag } from '../spec/flags.js';

export const evalCommand = defineCommand({
  name: 'eval',
  summary: 'Measure a run on test rows, and its difference to baselines.',
  description:
    'A baseline is a model of the registry or another run. One that is not trained yet on this data, with these options and this seed, is trained first, and its run is reused afterwards. A model that adapts is also scored with fewer inner steps, less, older and shuffled support. Writes eval.json and scores.parquet into the run.',
  arguments: { run: { summary: 'id or its beginning, path, "latest" or "<experiment>/latest"' } },
  flags: {
    baseline: { kind: 'list', value: 'model|run', summary: 'compare with this one' },
    set: { ...setFlag, summary: 'override a key under evaluation' },
    segments: { kind: 'switch', summary: 'show every segment, not only history length and seen/new' },
    noCurves: {
      kind: 'switch',
      summary: 'leave out the curves over inner steps, support size and staleness',
    },
  },
  examples: [
    'eval latest --baseline widedeep --baseline deep',
    'eval synthetic/latest --baseline widedeep --json',
    'eval latest --set evaluation.bootstrap.replicates=5000',
  ],
  action: async ({ run, baseline, set, segments, noCurves }, io) => {
    const [{ findRun }, { evaluate }, { renderEvaluated }] = await Promise.all([
      import('../../runs/find.js'),
      import('../../workflows/evaluate.js'),
      import('../render/eval.js'),
    ]);
    const { cwd, progress, now, argv: command } = io;
    const place = findRun(run, cwd);
    const result = await evaluate(place, {
      baselines: baseline,
      set,
      skipCurves: noCurves,
      cwd,
      command,
      progress,
      now,
    });
    io.show(result, (shown, style) => renderEvaluated(shown, style, segments));
  },
});

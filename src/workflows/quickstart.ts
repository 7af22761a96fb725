// `limaml quickstart`: the main job on made-up data whose ceiling is known, from nothing to a verified serving bundle.
import { dirname, join } from 'node:path';
import { runsFolder } from '../config/find-files.js';
import { loadExperiment } from '../config/load-experiment.js';
import type { Progress } from '../progress.js';
import { runKey } from '../runs/config.js';
import type { RunEvaluation } from '../runs/evaluation.js';
import { codeDigest } from '../runs/gather-provenance.js';
import { placeOf } from '../runs/places.js';
import { findFinished } from '../runs/reuse.js';
import { evaluate } from './evaluate.js';
import { type ExportRunResult, exportRun } from './export.js';
import { preparedFor } from './open-data.js';
import { train } from './train.js';

interface QuickstartOptions {
  /** Texts of `--set`. */
  readonly set: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface QuickstartResult {
  readonly dataset: { readonly name: string; readonly path: string; readonly rows: number };
  readonly run: string;
  readonly path: string;
  readonly evaluation: RunEvaluation;
  readonly export: ExportRunResult;
  readonly seconds: number;
}

/** The baseline that the paper names as the strong one. */
const BASELINE = 'widedeep';
/** How often vectors are refreshed where it is judged as it is served. */
const REFRESH = '1d';

/** Preps, trains, evaluates against wide & deep, exports and verifies. What was done before with the same inputs is reused. */
export async function quickstart(options: QuickstartOptions): Promise<QuickstartResult> {
  const { set, cwd, env, command, progress, now } = options;
  const began = now().getTime();
  const places = { data: undefined, prepared: undefined, onError: 'stop', env, cwd } as const;
  const experiment = await loadExperiment({ recipe: 'synthetic', cwd, set });
  const dataset = await preparedFor(experiment.data, places, progress);
  const { recipe, path: recipePath } = experiment.loaded;
  const runs = runsFolder(recipePath, recipe.name, cwd);
  const trained = findFinished(runs, runKey(recipe, dataset.hash, codeDigest()), progress);
  if (trained !== undefined)
    progress({ kind: 'note', text: `${recipe.model.name}: run ${trained.id} is reused` });
  const run =
    trained ?? placeOf((await train(experiment, { places, resume: false, command, progress, now })).path);
  const evaluation = await evaluate(run, {
    baselines: [BASELINE],
    refresh: [REFRESH],
    set: [],
    cwd,
    command,
    progress,
    now,
  });
  const exported = await exportRun({
    run,
    outDirectory: join(dirname(runs), 'bundle'),
    through: 'test',
    verify: true,
    progress,
  });
  return {
    dataset: { name: dataset.manifest.dataset, path: dataset.path, rows: dataset.manifest.rows },
    run: run.id,
    path: run.path,
    evaluation,
    export: exported,
    seconds: (now().getTime() - began) / 1000,
  };
}

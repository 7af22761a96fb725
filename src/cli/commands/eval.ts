// `limaml eval`: a run against its baselines on the same rows, or a bundle on events of a new day.
import { CheckFailed, UserError } from '../../errors.js';
import type { Freshness } from '../../serving/replay/freshness.js';
import { runArgument } from '../spec/arguments.js';
import { type CommandSpec, defineCommand } from '../spec/command.js';
import { bundleFlag, setFlag } from '../spec/flags.js';

export const evalCommand = defineCommand({
  name: 'eval',
  summary: 'Measure a run on test rows, or a bundle on new events, and the difference to baselines.',
  description:
    'A baseline is a model of the registry or another run. One that is not trained yet on this data, with these options and this seed, is trained first, and its run is reused afterwards. A model that adapts is also scored with fewer inner steps, less, older and shuffled support. Vectors are frozen at the first test row of an entity; with --refresh (or evaluation.replay in the recipe) the rows are scored as they are served as well, each with the vector of everything before its window. Writes eval.json and scores.parquet into the run.\n\nWith --bundle and --events a bundle is measured on labelled events later than all it has seen, read as refresh reads them, without run or prepared data; with --refresh against its own vectors as they are.',
  arguments: {
    run: { ...runArgument, optional: true },
  },
  flags: {
    baseline: {
      kind: 'list',
      value: 'model|run|dir',
      summary: 'compare with this model, run or bundle',
      completes: 'model',
    },
    bundle: { ...bundleFlag, summary: 'measure this bundle in place of a run' },
    events: { kind: 'text', value: 'file', summary: 'labelled events to measure the bundle on' },
    refresh: {
      kind: 'list',
      value: 'when',
      summary:
        'score with refreshed vectors too: event, 1h, 1d, …; none: as they are alone. Of a bundle one of event, 1h, 1d',
    },
    delay: { kind: 'text', value: 'time', summary: 'age at which an event has reached the refresh of a run' },
    retrain: { kind: 'text', value: 'period', summary: 'train the models of a run again so often too' },
    vectors: {
      kind: 'choice',
      value: 'type',
      choices: ['float32', 'float16', 'int8'],
      summary: 'compare a bundle with itself, its vectors stored so',
    },
    minAuc: { kind: 'text', value: 'number', summary: 'fail (exit code 1) where its AUC is lower' },
    set: { ...setFlag, summary: 'override a key under evaluation' },
    seeds: {
      kind: 'switch',
      summary: 'evaluate all runs that differ from it in the seed alone, and put them together',
    },
    segments: { kind: 'switch', summary: 'show every segment, not only history length and seen/new' },
    noCurves: {
      kind: 'switch',
      summary: 'leave out the curves over inner steps, support size and staleness',
    },
  },
  examples: [
    'eval latest --baseline widedeep --baseline deep',
    'eval synthetic/latest --baseline widedeep --json',
    'eval latest --baseline widedeep --refresh 1d --refresh event --delay 1h',
    'eval latest --seeds --baseline widedeep --no-curves',
    'eval latest --set evaluation.bootstrap.replicates=5000',
    'eval --bundle bundle --events day2.csv --refresh 1h',
  ],
  action: async (values, io) => {
    const { run, baseline, refresh, delay, retrain, set, segments, noCurves, seeds } = values;
    if (run === undefined) return evaluateNewDay(values, io);
    for (const name of ['bundle', 'events', 'minAuc', 'vectors'] as const)
      if (values[name] !== undefined)
        throw wrongUse(`--${name.replace('A', '-a')} is for a bundle, and "${run}" is a run.`);
    const [{ findRun }, { evaluate }, { renderEvaluated }, { liveMlflow }] = await Promise.all([
      import('../../runs/find.js'),
      import('../../workflows/evaluate.js'),
      import('../render/eval.js'),
      import('../../exchange/live-mlflow.js'),
    ]);
    const { cwd, env, progress, now, argv: command } = io;
    const place = findRun(run, cwd, progress);
    const options = {
      baselines: baseline,
      refresh,
      delay,
      retrain,
      set,
      skipCurves: noCurves,
      cwd,
      command,
      progress,
      now,
    };
    if (seeds) {
      const [{ evaluateSeeds }, { renderEvaluatedSeeds }] = await Promise.all([
        import('../../workflows/results/evaluate-seeds.js'),
        import('../render/results.js'),
      ]);
      io.show(await evaluateSeeds(place, options), (result, style) =>
        renderEvaluatedSeeds(result, place.experiment, style),
      );
      return;
    }
    const result = await evaluate(place, options);
    const watch = liveMlflow({ env, cwd, progress });
    watch?.began(place.path);
    await watch?.end();
    io.show(result, (shown, style) => renderEvaluated(shown, style, segments));
  },
});

type Io = Parameters<CommandSpec['action']>[1];

interface NewDayValues {
  readonly bundle: string | undefined;
  readonly events: string | undefined;
  readonly refresh: readonly string[];
  readonly delay: string | undefined;
  readonly retrain: string | undefined;
  readonly minAuc: string | undefined;
  readonly vectors: 'float32' | 'float16' | 'int8' | undefined;
  readonly baseline: readonly string[];
  readonly set: readonly string[];
  readonly segments: boolean;
  readonly seeds: boolean;
}

async function evaluateNewDay(values: NewDayValues, io: Io): Promise<void> {
  const { bundle, events, refresh, baseline, set, segments } = values;
  if (bundle === undefined || events === undefined)
    throw wrongUse('A run is missing, or --bundle with --events.');
  if (baseline.length > 1) throw wrongUse('A bundle is compared with one other bundle.');
  for (const name of ['delay', 'retrain'] as const)
    if (values[name] !== undefined) throw wrongUse(`--${name} is for a run.`);
  if (values.seeds) throw wrongUse('--seeds is for a run.');
  const minAuc = values.minAuc === undefined ? undefined : Number(values.minAuc);
  if (minAuc !== undefined && !(minAuc >= 0 && minAuc <= 1 && values.minAuc?.trim() !== ''))
    throw wrongUse(`--min-auc takes a number from 0 to 1, and "${values.minAuc}" is none.`);
  const [{ evaluateBundle }, { renderBundleEvaluation }, { resolve }] = await Promise.all([
    import('../../workflows/evaluate-bundle.js'),
    import('../render/eval-bundle.js'),
    import('node:path'),
  ]);
  const [other] = baseline;
  const result = await evaluateBundle({
    folder: resolve(io.cwd, bundle),
    events: resolve(io.cwd, events),
    eventsName: events,
    refresh: freshnessOf(refresh),
    baseline: other === undefined ? undefined : resolve(io.cwd, other),
    set,
    vectors: values.vectors,
    minAuc,
    seed: 0,
    progress: io.progress,
  });
  io.show(result, (shown, style) => renderBundleEvaluation(shown, style, segments));
  const { floor } = result;
  if (floor === null || floor.passed) return;
  throw new CheckFailed({
    code: 'EVAL_BELOW_FLOOR',
    where: bundle,
    what: `The AUC is ${floor.value ?? 'undefined'}, below the ${floor.auc} asked for.`,
    next: 'Keep the bundle that serves now.',
  });
}

const FRESHNESS: readonly Freshness[] = ['none', '1h', '1d', 'event'];

function freshnessOf([first = 'none', ...more]: readonly string[]): Freshness {
  const found = FRESHNESS.find((freshness) => freshness === first);
  if (found === undefined || more.length > 0)
    throw wrongUse(`Of a bundle --refresh is one of ${FRESHNESS.join(', ')}.`);
  return found;
}

const wrongUse = (what: string): UserError =>
  new UserError({ code: 'USAGE', where: 'limaml eval', what, next: 'See: limaml eval --help' });

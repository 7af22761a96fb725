// `limaml verify`: whether a run, a bundle or a prepared data set is what it says, by a look at the thing itself.
import { resolve } from 'node:path';
import { findPrepared } from '../config/find-files.js';
import { CheckFailed } from '../errors.js';
import { type VerifiedAlone, verifyAlone } from '../export/verify-alone.js';
import { type Verified, verifyBundle } from '../export/verify-bundle.js';
import { type CheckedResult, checkPrepared } from '../prep/check-prepared.js';
import type { Progress } from '../progress.js';
import { readRunConfig } from '../runs/config.js';
import { findRun } from '../runs/find.js';
import { listRuns, type RunPlace } from '../runs/places.js';
import { isBundle } from './found-bundles.js';
import { datasetOfRun } from './open-data.js';
import type { ComparedEvaluation, PartedValue } from './parted-evaluation.js';
import { type Replay, replayRun } from './replay-run.js';
import { loadRunModel } from './run-model.js';
import { modelTrainer } from './trainer.js';
import { evaluateAgain } from './verify-evaluation.js';

/** Test rows scored through a bundle's files. */
const VERIFIED_ROWS = 100_000;

interface VerifyOptions {
  /** Train only so many epochs of a run again. */
  readonly epochs: number | undefined;
  readonly cwd: string;
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface VerifiedRun extends Replay {
  readonly kind: 'run';
  readonly run: string;
  readonly experiment: string;
  /** Its evaluation made again; null where it was not evaluated. */
  readonly evaluation: ComparedEvaluation | null;
}

export interface VerifiedBundle extends VerifiedAlone {
  readonly kind: 'bundle';
  readonly path: string;
  /** Against the run that it was exported from; null where that is not here, or where the bundle was refreshed since. */
  readonly againstRun: Verified | null;
}

interface VerifiedPrepared extends CheckedResult {
  readonly kind: 'prepared';
}

export type Verification = VerifiedRun | VerifiedBundle | VerifiedPrepared;

/** The folder of a bundle or of prepared data, else a run as `findRun` takes it. Throws VERIFY_DIFFERS, VERIFY_EVALUATION_DIFFERS, EXPORT_PARITY. */
export async function verify(reference: string, options: VerifyOptions): Promise<Verification> {
  const { cwd, progress } = options;
  const path = resolve(cwd, reference);
  if (isBundle(path)) return verifyBundleFolder(path, options);
  const prepared = findPrepared(reference, cwd);
  if (prepared !== undefined)
    return { kind: 'prepared', ...(await checkPrepared(prepared.path, [], progress)) };
  return verifyRunFolder(findRun(reference, cwd, progress), options);
}

async function verifyRunFolder(
  run: RunPlace,
  { epochs, cwd, progress, now }: VerifyOptions,
): Promise<VerifiedRun> {
  const config = readRunConfig(run.path);
  const dataset = await datasetOfRun(run.path, config);
  const trainer = modelTrainer(config.recipe.evaluation);
  const replay = await replayRun({ run, dataset, epochs, trainer, progress, now });
  if (replay.parted !== null || (replay.heldTo === 'bytes' && replay.sameModel === false))
    throw differs(run, replay);
  const evaluation = await evaluateAgain({ run, config, dataset, replay, cwd, progress, now });
  if (evaluation !== null && evaluation.parted !== null)
    throw evaluatedOtherwise(run, evaluation.parted, replay);
  return { kind: 'run', run: run.id, experiment: run.experiment, ...replay, evaluation };
}

function evaluatedOtherwise(
  { id }: RunPlace,
  { name, values }: PartedValue,
  { changed }: Replay,
): CheckFailed {
  const code = changed.find(({ kind }) => kind === 'code');
  return new CheckFailed({
    code: 'VERIFY_EVALUATION_DIFFERS',
    where: id,
    what: `The training repeats itself, its evaluation does not: ${name} ${values[0] ?? 'none'} was recorded, ${values[1] ?? 'none'} came out. ${code === undefined ? 'Nothing that is recorded has changed.' : `The program has changed: ${code.values[0]} → ${code.values[1]}.`}`,
    next: `Believe nothing of it; evaluate the run again: limaml eval ${id}`,
  });
}

function differs({ id }: RunPlace, { parted, equalEpochs, changed }: Replay): CheckFailed {
  const [first] = changed;
  const where =
    parted === null
      ? `All ${equalEpochs} epochs are the same, the trained model is not.`
      : `${parted.phase === 'refit' ? 'Refit epoch' : 'Epoch'} ${parted.epoch}, after ${equalEpochs} that are the same: ${parted.name} ${parted.values[0] ?? 'none'} was recorded, ${parted.values[1] ?? 'none'} came out.`;
  const why =
    first === undefined
      ? 'Nothing that is recorded has changed: the training does not repeat itself.'
      : `The first thing that is not as it was is ${first.kind}: ${first.name} was ${first.values[0] ?? 'absent'}, is ${first.values[1] ?? 'absent'}.`;
  return new CheckFailed({
    code: 'VERIFY_DIFFERS',
    where: id,
    what: `${where} ${why}`,
    next:
      first === undefined
        ? 'It is a fault of limaml, or of a model of your own that draws numbers from elsewhere: keep the folder of the run.'
        : `Restore it and verify again, or train anew. All of what changed: ${changed.map(({ kind, name }) => (kind === 'code' ? kind : `${kind} ${name}`)).join(', ')}.`,
  });
}

async function verifyBundleFolder(path: string, { cwd, progress }: VerifyOptions): Promise<VerifiedBundle> {
  const alone = await verifyAlone(path, progress);
  const run = alone.refreshed ? undefined : listRuns(cwd).find(({ id }) => id === alone.run);
  if (run === undefined) return { kind: 'bundle', path, ...alone, againstRun: null };
  const config = readRunConfig(run.path);
  const dataset = await datasetOfRun(run.path, config);
  const { execution, seed } = config.recipe;
  const loaded = await loadRunModel(run.path, config, dataset);
  const againstRun = await verifyBundle({
    ...loaded,
    dataset,
    execution,
    folder: path,
    rows: VERIFIED_ROWS,
    seed,
    progress,
  });
  return { kind: 'bundle', path, ...alone, againstRun };
}

// `limaml runs export`: runs for the tools that people already look at theirs with.
import { resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { Progress } from '../progress.js';
import { describeRun } from '../runs/describe.js';
import { runDamaged } from '../runs/json.js';
import { readTimings } from '../runs/metrics-log.js';
import { listRuns, type RunPlace } from '../runs/places.js';
import { readEach, type UnreadRun } from '../runs/unread.js';
import { writeMlflow } from './mlflow.js';
import { type Environment, isServer, mlflowServer } from './mlflow-server.js';
import { sendWholeRun } from './send-runs.js';
import { writeTensorboard } from './tensorboard.js';

interface ExportRunsRequest {
  /** All runs of the folder when empty. */
  readonly runs: readonly RunPlace[];
  /** Address of a server, or a folder. */
  readonly mlflow: string | undefined;
  readonly tensorboard: string | undefined;
  /** Bundle of the one run that is named, to a server. */
  readonly bundle: string | undefined;
  readonly register: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  readonly progress: Progress;
}

export interface ExportedRuns {
  readonly runs: readonly {
    readonly run: string;
    readonly experiment: string;
    readonly mlflow: string | null;
    readonly tensorboard: string | null;
    /** Name and version of the registered model. */
    readonly model: string | null;
  }[];
  /** Runs that could not be read and are left out. */
  readonly unread: readonly UnreadRun[];
}

/**
 * Throws RUNS_EXPORT_NOWHERE when neither target is named, RUN_MISSING when there is nothing to export, RUNS_EXPORT_BUNDLE for a bundle
 * without its one run or its server, and what a server's calls throw.
 */
export async function exportRuns(request: ExportRunsRequest): Promise<ExportedRuns> {
  const { runs, mlflow, tensorboard, bundle, register, env, cwd, progress } = request;
  if (mlflow === undefined && tensorboard === undefined) {
    throw new UserError({
      code: 'RUNS_EXPORT_NOWHERE',
      what: 'No target is named.',
      next: 'Name one or both: --mlflow DIR, --tensorboard DIR',
    });
  }
  const toServer = mlflow !== undefined && isServer(mlflow);
  const isOdd = bundle === undefined ? register !== undefined : runs.length !== 1 || !toServer;
  if (isOdd)
    throw new UserError({
      code: 'RUNS_EXPORT_BUNDLE',
      what: 'A bundle goes with the one run that it is of, to a server; a model is registered of a bundle.',
      next: 'limaml runs export <run> --mlflow http://… --bundle DIR --register NAME',
    });
  const server = toServer ? mlflowServer(mlflow, env) : undefined;
  const places = runs.length > 0 ? runs : listRuns(cwd);
  if (places.length === 0)
    throw new UserError({
      code: 'RUN_MISSING',
      what: 'There are no runs here.',
      next: 'Train one: limaml train synthetic',
    });
  const exported: ExportedRuns['runs'][number][] = [];
  const described = readEach(places, (place) => ({
    run: describeRun(place),
    timings: readTimings(place.path),
  }));
  // A run that was named is no list.
  const [damaged] = runs.length > 0 ? described.unread : [];
  if (damaged !== undefined) throw runDamaged(damaged.where ?? damaged.id, damaged.why);
  for (const { run, timings } of described.read) {
    const ofRun = bundle === undefined ? undefined : { folder: resolve(cwd, bundle), register };
    const sent = server && (await sendWholeRun(server, run, timings, ofRun));
    exported.push({
      run: run.id,
      experiment: run.experiment,
      mlflow:
        sent?.page ?? (mlflow === undefined ? null : await writeMlflow(resolve(cwd, mlflow), run, timings)),
      model: sent?.model ?? null,
      tensorboard:
        tensorboard === undefined ? null : await writeTensorboard(resolve(cwd, tensorboard), run, timings),
    });
    progress({ kind: 'step', done: exported.length, total: described.read.length, unit: 'runs' });
  }
  return { runs: exported, unread: described.unread };
}

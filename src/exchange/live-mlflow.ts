// A run followed by an MLflow server while it trains. The server may be slow, or gone: training waits for nothing and fails for nothing.
import { UserError } from '../errors.js';
import { type Progress, silent } from '../progress.js';
import { describeRun } from '../runs/describe.js';
import { findRun } from '../runs/find.js';
import { readTimings } from '../runs/metrics-log.js';
import { mlflowRun } from './mlflow-run.js';
import { type Environment, isServer, type MlflowServer, mlflowServer } from './mlflow-server.js';
import { sendArtifacts, sendRun } from './send-mlflow.js';
import { runArtifacts } from './send-runs.js';

interface LiveTracker {
  /** A run begins, or goes on, in this folder. */
  began(path: string): void;
  /** An epoch was written. */
  epoch(): void;
  /** Sends what is left, and the run's files; warns where that cannot be done. */
  end(): Promise<void>;
}

export interface Follow {
  readonly env: Environment;
  readonly cwd: string;
  readonly progress: Progress;
  /** Pauses before a call is tried again. */
  readonly pausesMs?: readonly number[];
}

/** Follows runs where MLFLOW_TRACKING_URI names a server; undefined where nothing does. */
export function liveMlflow(following: Follow): LiveTracker | undefined {
  const server = followedServer(following);
  return server && follow(server, following.cwd, warner(following.progress));
}

/** The server that MLFLOW_TRACKING_URI names; a warning where it names something else. */
export function followedServer({ env, progress, pausesMs }: Follow): MlflowServer | undefined {
  const target = env['MLFLOW_TRACKING_URI'] ?? '';
  if (target === '') return undefined;
  if (isServer(target)) return mlflowServer(target, env, pausesMs);
  warner(progress)('MLFLOW_TRACKING_URI names no http(s) server, so nothing is sent to MLflow.');
  return undefined;
}

const warner =
  (progress: Progress) =>
  (text: string): void =>
    progress({ kind: 'warning', code: 'MLFLOW_NOT_SENT', text });

function follow(server: MlflowServer, cwd: string, warn: (text: string) => void): LiveTracker {
  let path: string | undefined;
  /** Points of each metric that the server has. */
  const sent = new Map<string, number>();
  let sending: Promise<void> | undefined;
  let isBehind = false;
  let hasFailed = false;
  const send = async (withFiles: boolean): Promise<void> => {
    const place = findRun(path!, cwd, silent);
    const run = mlflowRun(describeRun(place), readTimings(place.path));
    const served = await sendRun(server, run, sent);
    for (const [name, points] of run.metrics) sent.set(name, points.length);
    if (withFiles) await sendArtifacts(server, served, runArtifacts(place.path));
  };
  const failed = (error: unknown): void => {
    hasFailed = true;
    const what = error instanceof UserError ? error.what : String(error);
    warn(`${what} Training goes on, and it is tried again at the end (${server.address}).`);
  };
  // One at a time; what comes meanwhile goes along with the next.
  const catchUp = async (): Promise<void> => {
    while (isBehind && !hasFailed) {
      isBehind = false;
      await send(false).catch(failed);
    }
    sending = undefined;
  };
  const touched = (): void => {
    isBehind = true;
    sending ??= catchUp();
  };
  return {
    began: (folder) => {
      path = folder;
      touched();
    },
    epoch: touched,
    end: async () => {
      await sending;
      if (path === undefined) return;
      try {
        await send(true);
      } catch (error) {
        const { id } = findRun(path, cwd, silent);
        const what = error instanceof UserError ? error.what : String(error);
        warn(
          `${what} The run is whole; send it afterwards: limaml runs export ${id} --mlflow ${server.address}`,
        );
      }
    },
  };
}

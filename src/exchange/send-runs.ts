// What of a run goes to an MLflow server, and a bundle of it where one is named.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../bundle/format/manifest.js';
import { UserError } from '../errors.js';
import type { RunDescription } from '../runs/describe.js';
import type { TimingRecord } from '../runs/metrics-log.js';
import { mlflowRun, RUN_ARTIFACTS } from './mlflow-run.js';
import type { MlflowServer } from './mlflow-server.js';
import {
  type Artifact,
  folderArtifacts,
  registerModel,
  type SentRun,
  sendArtifacts,
  sendRun,
} from './send-mlflow.js';

/** Folder of a bundle among the artifacts of its run. */
export const BUNDLE_PLACE = 'bundle';

interface BundleToSend {
  readonly folder: string;
  /** Name of the registered model that it becomes the next version of. */
  readonly register: string | undefined;
}

/** Sends one run with its files, and its bundle. Throws what the server's calls throw, and MLFLOW_OTHER_BUNDLE. */
export async function sendWholeRun(
  server: MlflowServer,
  run: RunDescription,
  timings: readonly TimingRecord[],
  bundle: BundleToSend | undefined,
): Promise<SentRun & { readonly model: string | null }> {
  const bundled = bundle === undefined ? [] : await bundleArtifacts(bundle.folder, run.id);
  const sent = await sendRun(server, mlflowRun(run, timings));
  await sendArtifacts(server, sent, [...runArtifacts(run.path), ...bundled]);
  const name = bundle?.register;
  const model =
    name === undefined ? null : `${name} ${await registerModel(server, sent, name, BUNDLE_PLACE)}`;
  return { ...sent, model };
}

/** The files of a run's folder that are there. */
export function runArtifacts(path: string): readonly Artifact[] {
  const files = RUN_ARTIFACTS.filter((file) => existsSync(join(path, file)));
  return folderArtifacts(path, files, '');
}

async function bundleArtifacts(folder: string, run: string): Promise<readonly Artifact[]> {
  const { parents, files } = await readManifest(folder);
  if (parents.run !== run)
    throw new UserError({
      code: 'MLFLOW_OTHER_BUNDLE',
      where: folder,
      what: `The bundle is of run ${parents.run}, not of ${run}.`,
      next: `Name that run, or export this one: limaml export ${run} --out DIR`,
    });
  const described = ['manifest.json', 'README.md', ...Object.keys(files)];
  const there = [...new Set(described)].filter((file) => existsSync(join(folder, file)));
  return folderArtifacts(folder, there, BUNDLE_PLACE);
}

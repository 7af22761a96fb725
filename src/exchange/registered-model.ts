// A registered model of an MLflow server: its versions, and the names by which they are asked for.
import type { MlflowServer } from './mlflow-server.js';
import { registerModel, type SentRun } from './send-mlflow.js';

/** By this tag of a version a bundle is found again. */
const BUNDLE_TAG = 'limaml.bundle';

interface ModelVersion {
  readonly version: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

interface BundleOfRun {
  readonly model: string;
  /** Where it lies among the artifacts. */
  readonly place: string;
  readonly hash: string;
}

/** The version that this bundle of the run is; made where there is none yet. */
export async function versionOf(
  server: MlflowServer,
  sent: SentRun,
  { model, place, hash }: BundleOfRun,
): Promise<string> {
  const filter = `name='${model}' and run_id='${sent.runId}'`;
  const found = await server.call('GET', 'model-versions/search', { filter });
  const versions = (found as { model_versions?: readonly ModelVersion[] } | undefined)?.model_versions ?? [];
  const same = versions.find(({ tags = [] }) =>
    tags.some(({ key, value }) => key === BUNDLE_TAG && value === hash),
  );
  return same?.version ?? registerModel(server, sent, model, place, [{ key: BUNDLE_TAG, value: hash }]);
}

/** Whichever version had the alias loses it. */
export async function setAlias(
  server: MlflowServer,
  model: string,
  alias: string,
  version: string,
): Promise<void> {
  await server.call('POST', 'registered-models/alias', { name: model, alias, version });
}

/** Nothing where there is no such model. */
export async function dropAlias(server: MlflowServer, model: string, alias: string): Promise<void> {
  await server.call('DELETE', 'registered-models/alias', { name: model, alias });
}

// The model registry of an MLflow server, kept up to date by what changes here: a bundle that is exported, a tag that is given or taken.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readManifest } from '../bundle/format/manifest.js';
import { UserError } from '../errors.js';
import { describeRun } from '../runs/describe.js';
import { readMarks, tagsOf } from '../runs/marks.js';
import { readTimings } from '../runs/metrics-log.js';
import type { RunPlace } from '../runs/places.js';
import { type Follow, followedServer } from './live-mlflow.js';
import { dropAlias, setAlias, versionOf } from './registered-model.js';
import { BUNDLE_PLACE, sendWholeRun } from './send-runs.js';

interface Change {
  /** Folders of the run's bundles, asked for where there is a server. */
  readonly bundles: () => Promise<readonly string[]>;
  /** A tag that it no longer has. */
  readonly untagged?: string;
}

/**
 * Sends the run with its newest bundle, and where it is tagged makes that bundle a version of the model of the experiment's name, with the
 * run's tags as aliases. Nothing without MLFLOW_TRACKING_URI; what a server does not take is a warning, for the run here is as it should be.
 */
export async function keepModel(
  place: RunPlace,
  { bundles, untagged }: Change,
  follow: Follow,
): Promise<void> {
  const server = followedServer(follow);
  if (server === undefined) return;
  const { id, experiment, path } = place;
  const note = (text: string): void => follow.progress({ kind: 'note', text });
  try {
    if (untagged !== undefined) {
      await dropAlias(server, experiment, aliasOf(untagged));
      return;
    }
    const tags = tagsOf(readMarks(dirname(path)), id);
    const bundle = newest(await bundles());
    const whole = bundle === undefined ? undefined : { folder: bundle, register: undefined };
    const sent = await sendWholeRun(server, describeRun(place), readTimings(path), whole);
    if (tags.length === 0) return;
    if (bundle === undefined) {
      note(
        `no bundle of run ${id} is here, so MLflow has no model of it yet: limaml export ${id} --out bundle`,
      );
      return;
    }
    const { hash } = await readManifest(bundle);
    const version = await versionOf(server, sent, { model: experiment, place: BUNDLE_PLACE, hash });
    for (const tag of tags) await setAlias(server, experiment, aliasOf(tag), version);
    note(`MLflow: version ${version} of the model ${experiment} is ${tags.map(aliasOf).join(', ')}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    follow.progress({
      kind: 'warning',
      code: 'MLFLOW_NOT_SENT',
      text: `${error.what} Nothing here is lost; the same command sends it once the server answers (${server.address}).`,
    });
  }
}

/** MLflow takes letters, digits, dashes and underscores. */
const aliasOf = (tag: string): string => tag.replaceAll('.', '-');

function newest(folders: readonly string[]): string | undefined {
  const changed = (folder: string): number => statSync(join(folder, 'manifest.json')).mtimeMs;
  return folders.toSorted((a, b) => changed(b) - changed(a))[0];
}

// A run into an MLflow server: made once, then brought up to date, however often it is sent.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import type { MlflowRun } from './mlflow-run.js';
import type { MlflowServer } from './mlflow-server.js';

/** By this tag a run is found again. */
const OWN_TAG = 'limaml.run';
/** What the server takes in one call. */
const MOST_METRICS = 1000;
const MOST_PARAMETERS = 100;
/** Files are read whole. */
const MOST_BYTES = 2 ** 30;

const STATUS = { finished: 'FINISHED', failed: 'FAILED', interrupted: 'KILLED', running: 'RUNNING' } as const;

export interface SentRun {
  readonly runId: string;
  readonly experimentId: string;
  /** Where a browser shows it. */
  readonly page: string;
  /** Where its artifacts lie. */
  readonly artifactUri: string;
}

/** A file to send, by its place among the artifacts. */
export interface Artifact {
  readonly place: string;
  readonly file: string;
}

/** Sends all of a run but artifacts. `from` skips points of metrics that an earlier call has sent, by name. */
export async function sendRun(
  server: MlflowServer,
  run: MlflowRun,
  from: ReadonlyMap<string, number> = new Map(),
): Promise<SentRun> {
  const experimentId = await experimentOf(server, run.experiment);
  const { runId, artifactUri } = await runOf(server, experimentId, run);
  const pairs = (values: ReadonlyMap<string, string>) => [...values].map(([key, value]) => ({ key, value }));
  const metrics = [...run.metrics].flatMap(([key, points]) =>
    points.slice(from.get(key) ?? 0).map(({ value, atMs, step }) => ({ key, value, timestamp: atMs, step })),
  );
  const log = (part: object): Promise<unknown> =>
    server.call('POST', 'runs/log-batch', { run_id: runId, ...part });
  await log({ tags: pairs(run.tags) });
  for (const params of pieces(pairs(run.parameters), MOST_PARAMETERS)) await log({ params });
  for (const piece of pieces(metrics, MOST_METRICS)) await log({ metrics: piece });
  await server.call('POST', 'runs/update', {
    run_id: runId,
    status: STATUS[run.state],
    ...(run.state === 'running' ? {} : { end_time: run.endedMs }),
  });
  const page = `${server.address}/#/experiments/${experimentId}/runs/${runId}`;
  return { runId, experimentId, artifactUri, page };
}

/** Sends files. Throws `UserError` MLFLOW_NO_ARTIFACTS where the server keeps them elsewhere, which needs credentials of its own, and for a file too large. */
export async function sendArtifacts(
  server: MlflowServer,
  { artifactUri }: SentRun,
  artifacts: readonly Artifact[],
): Promise<void> {
  const folder = /^mlflow-artifacts:\/(?:\/[^/]*\/)?(.*)$/.exec(artifactUri)?.[1];
  if (folder === undefined)
    throw new UserError({
      code: 'MLFLOW_NO_ARTIFACTS',
      where: artifactUri,
      what: 'The server does not take artifacts itself: it keeps them elsewhere. Parameters and metrics were sent.',
      next: 'Start it with --serve-artifacts and --artifacts-destination, or copy the files there.',
    });
  for (const { place, file } of artifacts) {
    const { size } = await stat(file);
    if (size > MOST_BYTES)
      throw new UserError({
        code: 'MLFLOW_NO_ARTIFACTS',
        where: file,
        what: `This file is larger than the ${MOST_BYTES / 2 ** 30} GiB that are sent in one piece. Parameters and metrics were sent.`,
        next: `Copy it to where the server keeps its artifacts: ${artifactUri}/${place}`,
      });
  }
  for (const { place, file } of artifacts)
    await server.upload(`${folder.replace(/^\/+/, '')}/${place}`, await readFile(file));
}

/** Registers what lies at `place` among the artifacts as the next version of a model. */
export async function registerModel(
  server: MlflowServer,
  { runId, artifactUri }: SentRun,
  model: string,
  place: string,
  tags?: readonly { readonly key: string; readonly value: string }[],
): Promise<string> {
  const known = await server.call('GET', 'registered-models/get', { name: model });
  if (known === undefined) await server.call('POST', 'registered-models/create', { name: model }, true);
  const made = await server.call(
    'POST',
    'model-versions/create',
    { name: model, source: `${artifactUri}/${place}`, run_id: runId, ...(tags && { tags }) },
    true,
  );
  return String((made as { model_version: { version: string } }).model_version.version);
}

/** Files of a folder as artifacts below `place`. */
export const folderArtifacts = (
  folder: string,
  files: readonly string[],
  place: string,
): readonly Artifact[] =>
  files.map((file) => ({ place: place === '' ? file : `${place}/${file}`, file: join(folder, file) }));

async function experimentOf(server: MlflowServer, name: string): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const found = await server.call('GET', 'experiments/get-by-name', { experiment_name: name });
    return (found as { experiment: { experiment_id: string } } | undefined)?.experiment.experiment_id;
  };
  const known = await find();
  if (known !== undefined) return known;
  try {
    const made = await server.call('POST', 'experiments/create', { name }, true);
    return (made as { experiment_id: string }).experiment_id;
  } catch (error) {
    // Another process was faster.
    const other = await find();
    if (other === undefined) throw error;
    return other;
  }
}

interface ServedRun {
  readonly info: { readonly run_id: string; readonly artifact_uri: string };
}

async function runOf(
  server: MlflowServer,
  experimentId: string,
  run: MlflowRun,
): Promise<{ readonly runId: string; readonly artifactUri: string }> {
  const found = await server.call('POST', 'runs/search', {
    experiment_ids: [experimentId],
    filter: `tags."${OWN_TAG}" = '${run.name.replaceAll("'", '')}'`,
    max_results: 1,
  });
  const known = (found as { runs?: readonly ServedRun[] }).runs?.[0];
  const made =
    known ??
    (
      (await server.call(
        'POST',
        'runs/create',
        {
          experiment_id: experimentId,
          start_time: run.startedMs,
          run_name: run.name,
          tags: [{ key: OWN_TAG, value: run.name }],
        },
        true,
      )) as { run: ServedRun }
    ).run;
  return { runId: made.info.run_id, artifactUri: made.info.artifact_uri };
}

function pieces<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, n) =>
    items.slice(n * most, (n + 1) * most),
  );
}

// Runs in the layout of MLflow's file store, which `mlflow migrate-filestore` takes into a database: current servers open no other.

import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { writeFileAtomic, writeJsonAtomic } from '../atomic-files.js';
import { hashJson } from '../hash.js';
import type { RunDescription } from '../runs/describe.js';
import type { TimingRecord } from '../runs/metrics-log.js';
import { mlflowRun, RUN_ARTIFACTS } from './mlflow-run.js';

/** MLflow's numbers of a finished and a failed run. */
const STATUS = { finished: 3, failed: 4, interrupted: 5, running: 1 } as const;

/** Writes one run into the store at `folder` and returns its folder there. The ids follow from the run, so a second export replaces the first. */
export async function writeMlflow(
  folder: string,
  run: RunDescription,
  timings: readonly TimingRecord[],
): Promise<string> {
  const store = resolve(folder);
  // MLflow takes experiment ids that are numbers and run ids of 32 hexadecimal digits.
  const experimentId = String(Number.parseInt(hashJson(run.experiment).slice(0, 12), 16));
  const runId = hashJson([run.experiment, run.id]).slice(0, 32);
  const experiment = join(store, experimentId);
  const path = join(experiment, runId);
  const { startedMs, endedMs, tags, parameters, metrics } = mlflowRun(run, timings);
  await writeFileAtomic(
    join(experiment, 'meta.yaml'),
    stringify({
      artifact_location: pathToFileURL(experiment).href,
      creation_time: startedMs,
      experiment_id: experimentId,
      last_update_time: endedMs,
      lifecycle_stage: 'active',
      name: run.experiment,
    }),
  );
  await writeFileAtomic(
    join(path, 'meta.yaml'),
    stringify({
      artifact_uri: pathToFileURL(join(path, 'artifacts')).href,
      end_time: endedMs,
      entry_point_name: '',
      experiment_id: experimentId,
      lifecycle_stage: 'active',
      run_id: runId,
      run_name: run.id,
      run_uuid: runId,
      source_name: '',
      source_type: 4,
      source_version: run.provenance.git?.commit ?? '',
      start_time: startedMs,
      status: STATUS[run.state],
      tags: [],
      user_id: '',
    }),
  );
  for (const [name, value] of parameters) await writeFileAtomic(join(path, 'params', name), value);
  for (const [name, points] of metrics)
    await writeFileAtomic(
      join(path, 'metrics', ...name.split('/')),
      points.map(({ atMs, value, step }) => `${atMs} ${value} ${step}\n`).join(''),
    );
  for (const [name, value] of tags) await writeFileAtomic(join(path, 'tags', name), value);
  // The resolved recipe: it trains this run again. MLflow also takes a folder without artifacts for no run at all.
  await writeJsonAtomic(join(path, 'artifacts', 'recipe.json'), run.config.recipe);
  for (const file of RUN_ARTIFACTS)
    if (existsSync(join(run.path, file))) await copyFile(join(run.path, file), join(path, 'artifacts', file));
  return path;
}

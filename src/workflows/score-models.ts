// Scores the test rows with trained runs: the same rows in the same order for every model.

import { loadSource } from '../engine/features/load-source.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { InternalError, UserError } from '../errors.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { Progress } from '../progress.js';
import type { RunConfig } from '../runs/config.js';
import { type Replay, replayWindows } from '../scoring/replay.js';
import { type ScoredShard, scoreSplit } from '../scoring/score.js';
import { servedSupport } from '../scoring/served-support.js';
import { loadRunModel } from './run-model.js';

/** A trained run under the name that its scores get. */
export interface NamedRun {
  readonly name: string;
  readonly path: string;
  readonly config: RunConfig;
}

/**
 * Scores of all runs on the test rows. History length and age are those of the first run.
 * `groupBy` names categorical features whose values are given as text with each row. Throws EVAL_UNKNOWN_FEATURE.
 */
export async function scoreModels(
  dataset: PreparedDataset,
  runs: readonly NamedRun[],
  groupBy: readonly string[],
  replay: Replay,
  progress: Progress,
): Promise<ScoredRows> {
  const rows = dataset.manifest.splits.test.rows;
  const columns = emptyColumns(rows);
  const scores = new Map<string, Float64Array>();
  for (const [place, run] of runs.entries()) {
    progress({ kind: 'stage', name: `score ${run.name}`, detail: `${rows} test rows` });
    const probability = new Float64Array(rows);
    let at = 0;
    for await (const part of scoredShards(dataset, run, replay)) {
      if (at + part.rows.length > rows)
        throw new InternalError(`more test rows in the shards than the manifest's ${rows}`);
      probability.set(part.probability, at);
      if (place === 0) fillColumns(columns, part, at);
      else checkSameRows(columns, part, at, run.name);
      at += part.rows.length;
      progress({ kind: 'step', done: at, total: rows, unit: 'rows' });
    }
    if (at !== rows)
      throw new InternalError(`${at} test rows scored with ${run.name}, the manifest says ${rows}`);
    scores.set(run.name, probability);
  }
  const groups = new Map<string, readonly string[]>();
  for (const feature of groupBy) groups.set(feature, await featureTexts(dataset, feature, columns));
  return { rows, ...columns, scores, groups };
}

type Columns = Pick<
  ScoredRows,
  'entity' | 'item' | 'timestampMs' | 'label' | 'historyLength' | 'sinceLastMs'
>;

async function* scoredShards(
  dataset: PreparedDataset,
  { path, config }: NamedRun,
  replay: Replay,
): AsyncGenerator<ScoredShard> {
  const { training, execution, seed } = config.recipe;
  const { model, state, roles } = await loadRunModel(path, config, dataset);
  const source = await loadSource(dataset, roles.learn);
  const runner = await openRunner(model, state, execution, programsToScore(model));
  try {
    yield* scoreSplit(model, dataset, source, runner, SPLIT.test, {
      tileRows: execution.tileRows,
      support: servedSupport(model, roles, training, seed, { replay, target: SPLIT.test }),
      windows: replayWindows(replay),
    });
  } finally {
    await runner.close();
  }
}

function emptyColumns(rows: number): Columns {
  return {
    entity: new Int32Array(rows),
    item: new Int32Array(rows),
    timestampMs: new Float64Array(rows),
    label: new Uint8Array(rows),
    historyLength: new Int32Array(rows),
    sinceLastMs: new Float64Array(rows),
  };
}

function fillColumns(
  columns: Columns,
  { shard, rows, historyLength, sinceLastMs }: ScoredShard,
  at: number,
): void {
  rows.forEach((row, i) => {
    columns.entity[at + i] = shard.entity[row]!;
    columns.item[at + i] = shard.item[row]!;
    columns.timestampMs[at + i] = shard.timestampMs[row]!;
    columns.label[at + i] = shard.label[row]!;
  });
  columns.historyLength.set(historyLength, at);
  columns.sinceLastMs.set(sinceLastMs, at);
}

/** A comparison is paired: a model scored on other rows would make every number wrong. */
function checkSameRows(columns: Columns, { shard, rows }: ScoredShard, at: number, name: string): void {
  rows.forEach((row, i) => {
    if (columns.entity[at + i] !== shard.entity[row] || columns.item[at + i] !== shard.item[row])
      throw new InternalError(`test row ${at + i} of ${name} is not that of the first model`);
  });
}

/** Values of a categorical feature for the scored rows. */
async function featureTexts(
  dataset: PreparedDataset,
  name: string,
  columns: Columns,
): Promise<readonly string[]> {
  const spec = dataset.manifest.features.find(
    (feature) => feature.name === name && feature.kind === 'categorical',
  );
  if (spec === undefined) {
    const known = dataset.manifest.features
      .filter(({ kind }) => kind === 'categorical')
      .map((feature) => feature.name);
    throw new UserError({
      code: 'EVAL_UNKNOWN_FEATURE',
      where: 'evaluation.segments.features',
      what: `There is no categorical feature "${name}" in this data set.`,
      next: `Categorical features: ${known.join(', ') || 'none'}.`,
    });
  }
  const words = await dataset.vocabulary(name);
  const text = (index: number): string => (index === 0 ? '(unknown)' : (words[index] ?? String(index)));
  if (spec.side === 'event') return eventTexts(dataset, name, columns.entity.length, text);
  const table = spec.side === 'entity' ? await dataset.entityFeatures() : await dataset.itemFeatures();
  const column = table.get(name);
  if (column?.kind !== 'categorical')
    throw new InternalError(`feature ${name} is not in the table its manifest names`);
  return Array.from(columns[spec.side], (row) => text(column.indices[row]!));
}

async function eventTexts(
  dataset: PreparedDataset,
  name: string,
  rows: number,
  text: (index: number) => string,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard: EventShard = await dataset.shard(index);
    const column = shard.features.get(name);
    if (column?.kind !== 'categorical') throw new InternalError(`feature ${name} is not in shard ${index}`);
    // Shards hold whole histories in entity and time order, which is the order of scoring.
    for (let row = 0; row < shard.rows; row++)
      if (shard.split[row] === SPLIT.test) texts.push(text(column.indices[row]!));
  }
  if (texts.length !== rows)
    throw new InternalError(`${texts.length} test rows in the shards, ${rows} scored`);
  return texts;
}

// One trained run scores the test rows, its vectors refreshed as the replay says.
import { loadSource } from '../engine/features/load-source.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { InternalError, UserError } from '../errors.js';
import { type EntityPairs, pairCounter, pairPlan } from '../evaluation/rows/entity-pairs.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { Progress } from '../progress.js';
import type { RunConfig } from '../runs/config.js';
import { type Replay, replayWindows } from '../scoring/replay.js';
import { scoreSplit } from '../scoring/score.js';
import { servedSupport } from '../scoring/served-support.js';
import { loadRunModel } from './run-model.js';
import type { TestColumns } from './test-columns.js';

/** A trained run under the name that its scores get. */
export interface NamedRun {
  readonly name: string;
  readonly path: string;
  readonly config: RunConfig;
}

export interface RunScores {
  /** [rows] in the order of the columns */
  readonly probability: Float64Array;
  /** Absent where the scores of an entity stand still. */
  readonly pairs?: EntityPairs;
}

/** Whether scores of one entity are of several instants under a replay. */
const isMoving = (model: Model, { refresh, retrainMs }: Replay): boolean =>
  retrainMs !== undefined || (refresh !== 'none' && entityPart(model) !== undefined);

/**
 * @param still scores of the run with frozen vectors, to be taken where the replay moves nothing of this model
 * Throws InternalError where the rows are not those of the columns: a comparison is paired.
 */
export async function scoreRun(
  dataset: PreparedDataset,
  { name, path, config }: NamedRun,
  columns: TestColumns,
  replay: Replay,
  progress: Progress,
  still?: Float64Array,
): Promise<RunScores> {
  if (replay.retrainMs !== undefined)
    throw new UserError({
      code: 'REPLAY_NO_RETRAIN',
      where: 'evaluation.replay.retrain',
      what: 'Models cannot be trained again while the rows go by yet.',
      next: 'Leave it at none.',
    });
  const { training, execution, seed } = config.recipe;
  const rows = columns.entity.length;
  const { model, state, roles } = await loadRunModel(path, config, dataset);
  const moving = isMoving(model, replay);
  if (still !== undefined && !moving) return { probability: still };
  progress({ kind: 'stage', name: `score ${name}`, detail: `${rows} test rows${replayText(replay)}` });
  const source = await loadSource(dataset, roles.learn);
  const runner = await openRunner(model, state, execution, programsToScore(model));
  const probability = new Float64Array(rows);
  const counter = moving ? pairCounter(dataset.manifest.entities) : undefined;
  let at = 0;
  try {
    const parts = scoreSplit(model, dataset, source, runner, SPLIT.test, {
      tileRows: execution.tileRows,
      support: servedSupport(model, roles, training, seed, { replay, target: SPLIT.test }),
      windows: replayWindows(replay),
      ...(counter === undefined ? {} : { earlier: { choose: pairPlan(seed), onScored: counter.add } }),
    });
    for await (const { shard, rows: scored, probability: scores } of parts) {
      if (at + scored.length > rows)
        throw new InternalError(`more test rows in the shards than the manifest's ${rows}`);
      scored.forEach((row, i) => {
        if (columns.entity[at + i] !== shard.entity[row] || columns.item[at + i] !== shard.item[row])
          throw new InternalError(`test row ${at + i} of ${name} is not that of the columns`);
      });
      probability.set(scores, at);
      at += scored.length;
      progress({ kind: 'step', done: at, total: rows, unit: 'rows' });
    }
  } finally {
    await runner.close();
  }
  if (at !== rows) throw new InternalError(`${at} test rows scored with ${name}, the manifest says ${rows}`);
  return { probability, ...(counter === undefined ? {} : { pairs: counter.result() }) };
}

function replayText({ refresh }: Replay): string {
  if (refresh === 'none') return '';
  return refresh === 'event' ? ', refreshed at every event' : `, refreshed every ${refresh / 3_600_000} h`;
}

// One trained run scores the test rows, its vectors refreshed as the replay says.
import { loadSource } from '../engine/features/load-source.js';
import { ADAPT, ADAPT_WINDOWS, programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { InternalError } from '../errors.js';
import { type EntityPairs, pairCounter, pairPlan } from '../evaluation/rows/entity-pairs.js';
import { once } from '../evaluation/rows/once.js';
import { type Model, supportUse } from '../models/contract/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { Progress } from '../progress.js';
import { type Replay, replayWindows } from '../scoring/replay.js';
import { type ScoredShard, scoreSplit } from '../scoring/score.js';
import { servedSupport } from '../scoring/served-support.js';
import type { NamedRun } from './named-run.js';
import { checkLearnedBefore, type RetrainedModel, retrainedModel } from './retrain.js';
import { loadRunModel } from './run-model.js';
import type { TestColumns } from './test-columns.js';

export interface RunScores {
  /** [rows] in the order of the columns */
  readonly probability: Float64Array;
  /** Absent where the scores of an entity stand still. */
  readonly pairs?: EntityPairs;
}

/** Whether scores of one entity are of several instants under a replay. */
const isMoving = (model: Model, { refresh, retrainMs }: Replay): boolean =>
  retrainMs !== undefined || (refresh !== 'none' && supportUse(model) !== undefined);

/** Whether scores are others than with frozen vectors: a delay alone moves no vector, but takes events from all of them. */
const isOther = (model: Model, replay: Replay): boolean =>
  isMoving(model, replay) || (replay.delayMs > 0 && supportUse(model) !== undefined);

/**
 * @param still scores of the run with frozen vectors, to be taken where they are those of the replay
 * Throws InternalError where the rows are not those of the columns: a comparison is paired.
 */
export async function scoreRun(
  dataset: PreparedDataset,
  run: NamedRun,
  columns: TestColumns,
  replay: Replay,
  progress: Progress,
  still?: Float64Array,
): Promise<RunScores> {
  const { training, execution, seed } = run.config.recipe;
  const rows = columns.entity.length;
  const { model, roles } = await loadRunModel(run.path, run.config, dataset);
  const moving = isMoving(model, replay);
  if (still !== undefined && !isOther(model, replay)) return { probability: still };
  const probability = new Float64Array(rows);
  const counter = moving ? pairCounter(dataset.manifest.entities) : undefined;
  let done = 0;
  for await (const stage of stages(dataset, run, columns, replay, progress)) {
    progress({ kind: 'stage', name: `score ${run.name}`, detail: `${rows} test rows${replayText(replay)}` });
    const source = await loadSource(stage.learned, stage.roles.learn);
    const adapt = moving ? ADAPT_WINDOWS : ADAPT;
    const runner = await openRunner(model, stage.state, execution, programsToScore(model, { adapt }));
    try {
      const parts = scoreSplit(model, dataset, source, runner, SPLIT.test, {
        tileRows: execution.tileRows,
        program: adapt,
        support: servedSupport(model, roles, training, seed, { replay, target: SPLIT.test }),
        windows: replayWindows(replay),
        ...(stage.training === undefined ? {} : { training: stage.training }),
        ...(counter === undefined ? {} : { earlier: { choose: pairPlan(seed), onScored: counter.add } }),
      });
      for await (const part of parts) {
        place(part, columns, probability, run.name);
        done += part.rows.length;
        progress({ kind: 'step', done, total: rows, unit: 'rows' });
      }
    } finally {
      await runner.close();
    }
  }
  if (done !== rows)
    throw new InternalError(`${done} test rows scored with ${run.name}, the manifest says ${rows}`);
  return { probability, ...(counter === undefined ? {} : { pairs: counter.result() }) };
}

/** A model, and which rows are its to score. */
interface Stage extends Pick<RetrainedModel, 'state' | 'roles' | 'learned'> {
  /** Undefined: all rows. */
  readonly training: number | undefined;
}

/** The run's own model and, where it is trained again on the way, those that follow it. */
async function* stages(
  dataset: PreparedDataset,
  run: NamedRun,
  { training }: TestColumns,
  { retrainMs, delayMs }: Replay,
  progress: Progress,
): AsyncGenerator<Stage> {
  const { state, roles } = await loadRunModel(run.path, run.config, dataset);
  if (retrainMs === undefined) {
    yield { state, roles, learned: dataset, training: undefined };
    return;
  }
  checkLearnedBefore(dataset);
  const [own, ...later] = [...new Set(training)].sort((a, b) => a - b);
  yield { state, roles, learned: dataset, training: own };
  for (const number of later)
    yield {
      ...(await retrainedModel(dataset, run, number * retrainMs - delayMs, progress)),
      training: number,
    };
}

/** Puts scores at the places of their rows, which are in the order of the shard. */
function place(
  { index, shard, rows, probability: scores }: ScoredShard,
  columns: TestColumns,
  probability: Float64Array,
  name: string,
): void {
  const places = once(shard, testPlaces);
  rows.forEach((row, i) => {
    const at = columns.starts[index]! + places[row]!;
    if (columns.entity[at] !== shard.entity[row] || columns.item[at] !== shard.item[row])
      throw new InternalError(`test row ${at} of ${name} is not that of the columns`);
    probability[at] = scores[i]!;
  });
}

/** Of each row of a shard, how many test rows come before it. */
function testPlaces({ split }: EventShard): Int32Array {
  let before = 0;
  return Int32Array.from(split, (code) => (code === SPLIT.test ? before++ : before));
}

function replayText({ refresh }: Replay): string {
  if (refresh === 'none') return '';
  return refresh === 'event' ? ', refreshed at every event' : `, refreshed every ${refresh / 3_600_000} h`;
}

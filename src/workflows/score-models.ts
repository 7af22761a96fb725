// Scores the test rows with trained runs: the same rows in the same order for every model.
import { evaluatedTimes, type ReplayConfig, replayTimes } from '../evaluation/config/replay-config.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { rolesAfter } from '../scoring/learning-rows.js';
import { FROZEN, type Replay } from '../scoring/replay.js';
import { featureTexts } from './feature-texts.js';
import type { NamedRun } from './named-run.js';
import { type RunScores, scoreRun } from './score-run.js';
import { type TestColumns, testColumns } from './test-columns.js';

export type NamedRuns = readonly [NamedRun, ...NamedRun[]];

/**
 * Scores of all runs on the test rows, vectors frozen. What is known of the entities is as for the first run.
 * `groupBy` names categorical features whose values are given as text with each row. Throws EVAL_UNKNOWN_FEATURE.
 */
export async function scoreModels(
  dataset: PreparedDataset,
  runs: NamedRuns,
  groupBy: readonly string[],
  progress: Progress,
): Promise<ScoredRows> {
  const columns = await columnsOf(dataset, runs, FROZEN);
  const found = new Map<string, RunScores>();
  for (const run of runs) found.set(run.name, await scoreRun(dataset, run, columns, FROZEN, progress));
  const groups = new Map<string, readonly string[]>();
  for (const feature of groupBy) groups.set(feature, await featureTexts(dataset, feature, columns));
  return { ...scoredRows(columns, found), groups };
}

/**
 * The same rows as the log goes by. Models whose scores stand still under the replay are not scored again; the first run's frozen scores
 * stay beside its renewed ones, under `frozenName`, where there are such. What is known of the entities is as for the first run.
 */
export async function scoreReplayed(
  dataset: PreparedDataset,
  runs: NamedRuns,
  frozen: ScoredRows,
  protocol: ReplayConfig,
  progress: Progress,
): Promise<ScoredRows> {
  const [own, others] = [evaluatedTimes(protocol), replayTimes(protocol)];
  const columns = await columnsOf(dataset, runs, own);
  const othersColumns = await columnsOf(dataset, runs, others);
  const found = new Map<string, RunScores>();
  const [{ name }] = runs;
  for (const run of runs) {
    const frozenScores = frozen.scores.get(run.name)!;
    const [of, replay] = run.name === name ? [columns, own] : [othersColumns, others];
    found.set(run.name, await scoreRun(dataset, run, of, replay, progress, frozenScores));
  }
  const still = frozen.scores.get(name)!;
  if (found.get(name)!.probability !== still) found.set(frozenName(name), { probability: still });
  return { ...scoredRows(columns, found), groups: frozen.groups };
}

/** What a model's frozen scores are called beside its renewed ones. */
export const frozenName = (model: string): string => `${model}, frozen`;

const columnsOf = (dataset: PreparedDataset, [first]: NamedRuns, replay: Replay): Promise<TestColumns> =>
  testColumns(dataset, rolesAfter(first.config.recipe.training), replay);

function scoredRows(columns: TestColumns, found: ReadonlyMap<string, RunScores>): Omit<ScoredRows, 'groups'> {
  return {
    rows: columns.entity.length,
    ...columns,
    scores: new Map([...found].map(([name, { probability }]) => [name, probability])),
    pairs: new Map([...found].flatMap(([name, { pairs }]) => (pairs === undefined ? [] : [[name, pairs]]))),
  };
}

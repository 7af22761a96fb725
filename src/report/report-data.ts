// All that a report is written from, read from run folders; nothing is computed from raw data here.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { EmbeddingMap } from '../evaluation/adaptation/adaptation-result.js';
import { describeRun, type RunDescription } from '../runs/describe-run.js';
import { readRunJson } from '../runs/read-run-json.js';
import { findRun, type RunPlace, runsIn, summarise } from '../runs/run-index.js';
import { runState } from '../runs/run-state.js';
import { EMBEDDING_MAP_FILE, type EvalRunResult } from '../workflows/eval-run.js';
import { seedRuns } from './seed-runs.js';

export interface ReportRun extends Omit<RunDescription, 'evaluation'> {
  readonly evaluation: EvalRunResult | null;
  readonly map: EmbeddingMap | null;
}

export interface ReportData {
  readonly kind: 'run' | 'experiment';
  readonly experiment: string;
  /** Every finished run of the experiment, oldest first; and the run asked for, finished or not. */
  readonly runs: readonly ReportRun[];
  /** Runs that could not be read, with the reason: a report says what it leaves out. */
  readonly unread: readonly { readonly id: string; readonly why: string }[];
  /** The run shown in full: the one asked for, or the newest evaluated one of the recipe tried with the most seeds. */
  readonly shown: ReportRun;
  /** Where the report goes unless told otherwise. */
  readonly path: string;
}

/**
 * Reads what the user means: a run as `findRun` takes it, or an experiment by name or folder.
 * Throws RUN_MISSING, RUN_AMBIGUOUS, RUN_DAMAGED, and EXPERIMENT_NO_RUNS for an experiment without a finished run.
 */
export async function gatherReport(reference: string, cwd: string): Promise<ReportData> {
  const folder = runsFolderOf(reference, cwd);
  if (folder === undefined) return gatherRun(findRun(reference, cwd));
  const { runs, unread } = await finishedRuns(folder);
  const own = runs.filter(({ baselineOf }) => baselineOf === null);
  const shown = bestTried(own) ?? own.at(-1) ?? runs.at(-1);
  if (shown === undefined) {
    throw new UserError({
      code: 'EXPERIMENT_NO_RUNS',
      where: reference,
      what: 'This experiment has no finished run.',
      next: `Train one: limaml train ${reference}`,
    });
  }
  return {
    kind: 'experiment',
    experiment: shown.experiment,
    runs,
    unread,
    shown,
    path: join(folder, 'report.html'),
  };
}

/** Of the evaluated runs the newest of the recipe that was tried with the most seeds: what the experiment is about. */
function bestTried(runs: readonly ReportRun[]): ReportRun | undefined {
  const evaluated = runs.filter(({ evaluation }) => evaluation !== null);
  const seeds = (run: ReportRun): number => seedRuns(run, evaluated).length;
  const most = Math.max(0, ...evaluated.map(seeds));
  return evaluated.findLast((run) => seeds(run) === most);
}

async function gatherRun(place: RunPlace): Promise<ReportData> {
  const shown = await readRun(place);
  const others = await finishedRuns(dirname(place.path), place.path);
  return {
    kind: 'run',
    experiment: place.experiment,
    runs: [...others.runs, shown].sort((a, b) => (a.id < b.id ? -1 : 1)),
    unread: others.unread,
    shown,
    path: join(place.path, 'report.html'),
  };
}

/** `runs/` of the experiment that is named, or whose folder is; undefined where a run is meant. */
function runsFolderOf(reference: string, cwd: string): string | undefined {
  const named = /^[\w.-]+$/.test(reference) ? [join(cwd, 'experiments', reference, 'runs')] : [];
  return [...named, join(resolve(cwd, reference), 'runs')].find((folder) => existsSync(folder));
}

async function finishedRuns(folder: string, except?: string): Promise<Pick<ReportData, 'runs' | 'unread'>> {
  const runs: ReportRun[] = [];
  const unread: { id: string; why: string }[] = [];
  for (const place of runsIn(folder)) {
    if (place.path === except || runState(place.path) !== 'finished') continue;
    try {
      runs.push(await readRun(place));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push({ id: place.id, why: error.what });
    }
  }
  return { runs, unread };
}

async function readRun(place: RunPlace): Promise<ReportRun> {
  const { evaluation, ...described } = await describeRun(summarise(place));
  return {
    ...described,
    evaluation: checkEvaluation(evaluation, place),
    map: readMap(place.path),
  };
}

/** An evaluation written by a version with other fields would make a report that is wrong in silence. */
function checkEvaluation(evaluation: unknown, { id, path }: RunPlace): EvalRunResult | null {
  if (evaluation === null) return null;
  const { models, comparisons, curves, conditions, definitions } = evaluation as Partial<EvalRunResult>;
  if ([models, comparisons, curves, conditions].every(Array.isArray) && typeof definitions === 'object')
    return evaluation as EvalRunResult;
  throw new UserError({
    code: 'RUN_DAMAGED',
    where: join(path, 'eval.json'),
    what: 'This is no evaluation that this version understands.',
    next: `Evaluate the run again: limaml eval ${id}`,
  });
}

function readMap(path: string): EmbeddingMap | null {
  const file = join(path, EMBEDDING_MAP_FILE);
  if (!existsSync(file)) return null;
  const map = readRunJson<Partial<EmbeddingMap>>(file);
  if ([map.segments, map.movement, map.segment, map.x, map.y].every(Array.isArray))
    return map as EmbeddingMap;
  throw new UserError({
    code: 'RUN_DAMAGED',
    where: file,
    what: 'This is no map of embeddings that this version understands.',
    next: 'Evaluate the run again: limaml eval …',
  });
}

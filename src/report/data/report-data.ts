// All that a report is written from, read from run folders; nothing is computed from raw data here.

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { findRun } from '../../runs/find.js';
import { type RunPlace, runsIn } from '../../runs/places.js';
import { runState } from '../../runs/state.js';
import { readEach, type UnreadRun } from '../../runs/unread.js';
import { type ReportRun, readRun } from './report-run.js';
import { flagsOf, runInFull } from './run-in-full.js';

/** A run that is named and not shown. */
interface OtherDataRun {
  readonly id: string;
  readonly dataset: string;
  readonly hash: string;
}

export interface ReportData {
  readonly kind: 'run' | 'experiment';
  readonly experiment: string;
  /** Every finished run of the experiment on the data of the run shown, oldest first; and that run, finished or not. */
  readonly runs: readonly ReportRun[];
  /** Finished runs on other data: their numbers are of other rows, so they stand beside nothing here. */
  readonly otherData: readonly OtherDataRun[];
  /** Runs that could not be read, with the reason: a report says what it leaves out. */
  readonly unread: readonly UnreadRun[];
  /** The run shown in full: the one asked for, or the newest evaluated one of the recipe tried with the most seeds, without flags where there is one. */
  readonly shown: ReportRun;
  /** Where the report goes unless told otherwise. */
  readonly path: string;
}

/**
 * Reads what the user means: a run as `findRun` takes it, or an experiment by name or folder.
 * Without what features are worth unless `measured`: it may be about to be measured anew.
 * Throws RUN_MISSING, RUN_AMBIGUOUS, RUN_DAMAGED, and EXPERIMENT_NO_RUNS for an experiment without a finished run.
 */
export function gatherReport(
  reference: string,
  cwd: string,
  progress: Progress,
  measured = true,
): ReportData {
  const folder = runsFolderOf(reference, cwd);
  if (folder === undefined) return gatherRun(findRun(reference, cwd, progress), measured);
  const { runs, unread } = finishedRuns(folder, measured);
  const shown = runInFull(runs);
  if (shown === undefined) {
    throw new UserError({
      code: 'EXPERIMENT_NO_RUNS',
      where: reference,
      what: 'This experiment has no finished run.',
      next: `Train one: limaml train ${reference}`,
    });
  }
  const flags = flagsOf(shown);
  if (flags.length > 0)
    progress({
      kind: 'note',
      text: `run ${shown.id} is shown in full: it was trained with ${flags.join(' ')}, not as its recipe alone says`,
    });
  return {
    kind: 'experiment',
    experiment: shown.experiment,
    ...byData(runs, shown),
    unread,
    shown,
    path: join(folder, 'report.html'),
  };
}

function gatherRun(place: RunPlace, measured: boolean): ReportData {
  const shown = readRun(place, measured);
  const others = finishedRuns(dirname(place.path), measured, place.path);
  return {
    kind: 'run',
    experiment: place.experiment,
    ...byData(
      [...others.runs, shown].sort((a, b) => (a.id < b.id ? -1 : 1)),
      shown,
    ),
    unread: others.unread,
    shown,
    path: join(place.path, 'report.html'),
  };
}

/** Runs on the data of the one that is shown, and those on other data. */
export function byData(runs: readonly ReportRun[], shown: ReportRun): Pick<ReportData, 'runs' | 'otherData'> {
  const same = (run: ReportRun): boolean => run.config.dataset.hash === shown.config.dataset.hash;
  return {
    runs: runs.filter(same),
    otherData: runs
      .filter((run) => !same(run))
      .map(({ id, config: { dataset } }) => ({ id, dataset: dataset.name, hash: dataset.hash })),
  };
}

/** `runs/` of the experiment that is named, or whose folder is; undefined where a run is meant. */
function runsFolderOf(reference: string, cwd: string): string | undefined {
  const named = /^[\w.-]+$/.test(reference) ? [join(cwd, 'experiments', reference, 'runs')] : [];
  return [...named, join(resolve(cwd, reference), 'runs')].find((folder) => existsSync(folder));
}

function finishedRuns(
  folder: string,
  measured: boolean,
  except?: string,
): Pick<ReportData, 'runs' | 'unread'> {
  const others = runsIn(folder).filter(({ path }) => path !== except);
  const { read, unread } = readEach(others, (place) =>
    runState(place.path) === 'finished' ? readRun(place, measured) : undefined,
  );
  return { runs: read.filter((run) => run !== undefined), unread };
}

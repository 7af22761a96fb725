// `limaml runs rm` and `limaml runs gc`: which runs may go, and why others stay.
import { dirname } from 'node:path';
import { UserError, UserErrors } from '../errors.js';
import type { Progress } from '../progress.js';
import { findRun } from '../runs/find.js';
import { listSummaries, type RunSummary } from '../runs/list.js';
import { readMarks, tagsOf } from '../runs/marks.js';
import type { RunPlace } from '../runs/places.js';
import { bytesOf, removeRun } from '../runs/remove.js';
import { runState } from '../runs/state.js';
import { findBundles } from './found-bundles.js';

interface RemovedRun {
  readonly run: string;
  readonly experiment: string;
  readonly why: string;
  readonly bytes: number;
}

export interface RemovedRuns {
  readonly removed: readonly RemovedRun[];
  readonly dryRun: boolean;
}

interface RemoveRequest {
  readonly cwd: string;
  readonly dryRun: boolean;
  readonly progress: Progress;
}

/**
 * Removes runs by name. Throws every RUN_NEEDED for one that is tagged, or that another run, an evaluation or a bundle refers to, unless
 * its whole id is in `force`; RUN_BUSY for one at work; and then removes none.
 */
export async function removeRuns(
  references: readonly string[],
  { force, ...request }: RemoveRequest & { readonly force: readonly string[] },
): Promise<RemovedRuns> {
  const { cwd, progress } = request;
  const places = references.map((reference) => findRun(reference, cwd, progress));
  const needs = await needsOf(cwd);
  // What goes together needs nothing of each other.
  const going = new Set(places.map(({ id }) => id));
  const faults = places.flatMap((place) => [
    ...(isAtWork(place) ? [busy(place)] : []),
    ...(force.includes(place.id) ? [] : needed(place, needs(place, going))),
  ]);
  if (faults.length > 0) throw new UserErrors(faults);
  return remove(
    places.map((place) => ({ place, why: 'named', meant: force.includes(place.id) })),
    request,
  );
}

/**
 * Removes what nobody misses: unfinished runs that began more than `days` days ago and that nothing works on, and baselines of runs that
 * are gone. Whatever is tagged or referred to stays.
 */
export async function collectRuns(
  request: RemoveRequest & { readonly days: number; readonly now: Date },
): Promise<RemovedRuns> {
  const { cwd, days, now } = request;
  const { runs } = listSummaries(cwd);
  const needs = await needsOf(cwd);
  const there = new Set(runs.map(({ id }) => id));
  const going = runs.flatMap((run) => {
    const why = rubbish(run, there, now, days);
    return why === undefined || needs(run, new Set()).length > 0 ? [] : [{ place: run, why, meant: false }];
  });
  return remove(going, request);
}

function rubbish(
  { state, startedAt, baselineOf }: RunSummary,
  there: ReadonlySet<string>,
  now: Date,
  days: number,
): string | undefined {
  const age = (now.getTime() - Date.parse(startedAt)) / 86_400_000;
  if (state === 'running') return undefined;
  if (state !== 'finished') return age > days ? `${state}, ${Math.floor(age)} days old` : undefined;
  return baselineOf === null || there.has(baselineOf)
    ? undefined
    : `baseline of ${baselineOf}, which is gone`;
}

async function remove(
  going: readonly { readonly place: RunPlace; readonly why: string; readonly meant: boolean }[],
  { dryRun }: RemoveRequest,
): Promise<RemovedRuns> {
  const removed: RemovedRun[] = [];
  for (const { place, why, meant } of going) {
    const bytes = dryRun ? bytesOf(place.path) : await removeRun(place, meant);
    removed.push({ run: place.id, experiment: place.experiment, why, bytes });
  }
  return { removed, dryRun };
}

/** What refers to a run, in words; nothing that is itself going. */
async function needsOf(
  cwd: string,
): Promise<(place: RunPlace, going: ReadonlySet<string>) => readonly string[]> {
  const { runs } = listSummaries(cwd);
  const bundles = await findBundles(cwd);
  return ({ id, path }, going) => [
    ...tagsOf(readMarks(dirname(path)), id).map((tag) => `it is tagged "${tag}"`),
    ...runs.flatMap((run) => {
      if (run.id === id || going.has(run.id)) return [];
      if (run.comparedWith.includes(id)) return [`run ${run.id} was compared with it`];
      return run.baselineOf === id ? [`run ${run.id} is its baseline`] : [];
    }),
    ...bundles.flatMap((bundle) => {
      if (bundle.run === id) return [`the bundle ${bundle.path} was exported from it`];
      return bundle.run === null ? [`the bundle ${bundle.path} cannot be read, and may be of it`] : [];
    }),
  ];
}

function isAtWork({ path }: RunPlace): boolean {
  try {
    return runState(path) === 'running';
  } catch (error) {
    // A mark that cannot be read is part of what is to be removed.
    if (error instanceof UserError) return false;
    throw error;
  }
}

function busy({ id }: RunPlace): UserError {
  return new UserError({
    code: 'RUN_BUSY',
    where: id,
    what: 'A process is working on this run.',
    next: 'Stop it, or wait until it is done.',
  });
}

function needed({ id }: RunPlace, why: readonly string[]): readonly UserError[] {
  if (why.length === 0) return [];
  return [
    new UserError({
      code: 'RUN_NEEDED',
      where: id,
      what: `This run is needed: ${why.join('; ')}.`,
      next: `Remove it all the same: limaml runs rm ${id} --force ${id}`,
    }),
  ];
}

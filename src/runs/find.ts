// Finds runs: all of them in a project, or the one that the user means.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import { readStoredConfig } from './config.js';
import { readProvenance } from './provenance.js';
import { DONE, runState } from './state.js';

export interface RunPlace {
  readonly id: string;
  readonly path: string;
  /** Name of the experiment: the folder that holds `runs/`. */
  readonly experiment: string;
}

/** Every run in `experiments/<name>/runs/` and `runs/` of a folder, oldest first. */
export function listRuns(cwd: string): readonly RunPlace[] {
  const experiments = join(cwd, 'experiments');
  const folders = [cwd, ...subfolders(experiments).map((name) => join(experiments, name))];
  return folders.flatMap((folder) => runsIn(join(folder, 'runs'))).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The runs in one `runs/` folder, oldest first. Folders being made (their names begin with a dot) are no runs yet. */
export function runsIn(runsFolder: string): readonly RunPlace[] {
  return subfolders(runsFolder)
    .filter((id) => !id.startsWith('.') && isRun(join(runsFolder, id)))
    .sort()
    .map((id) => placeOf(join(runsFolder, id)));
}

/**
 * The run that `reference` means: a path, an id, the beginning of one, `latest` or `<experiment>/latest`: the newest
 * finished run that was not trained as a baseline of another. Throws RUN_MISSING with the nearest ids, RUN_AMBIGUOUS, or
 * RUN_DAMAGED where it cannot be told whether the newest is a baseline: an older run must not stand for it in silence.
 */
export function findRun(reference: string, cwd: string): RunPlace {
  const path = resolve(cwd, reference);
  if (isRun(path)) return placeOf(path);
  const [name, experiment] = reference.split('/').reverse() as [string, string | undefined];
  const runs = listRuns(cwd).filter((run) => experiment === undefined || run.experiment === experiment);
  if (name === 'latest') {
    const counts = (run: RunPlace): boolean => runState(run.path) === 'finished' && !isBaseline(run);
    const newest = runs.findLast(counts);
    if (newest !== undefined)
      return lastStarted(runs.filter((run) => secondOf(run) === secondOf(newest) && counts(run)));
  }
  const matching = runs.filter((run) => run.id === name);
  const found = matching.length > 0 ? matching : runs.filter((run) => name !== '' && run.id.startsWith(name));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw found.length > 1 ? ambiguous(reference, found) : missing(reference, name, runs);
}

/** An id begins with the second in which the run was started. */
const secondOf = ({ id }: RunPlace): string => id.slice(0, 'yyyymmdd-hhmmss'.length);

/** Of runs of one second the one that was started last. */
function lastStarted(runs: readonly RunPlace[]): RunPlace {
  if (runs.length === 1) return runs[0]!;
  const started = new Map(runs.map((run) => [run, readProvenance(run.path).startedAt]));
  return runs.reduce((a, b) => (started.get(b)! > started.get(a)! ? b : a));
}

function isBaseline({ path }: RunPlace): boolean {
  return readStoredConfig(path).baselineOf !== null;
}

function missing(reference: string, name: string, runs: readonly RunPlace[]): UserError {
  const close = nearestName(
    name,
    runs.map((run) => run.id),
  );
  const latest = runs.slice(-5).map((run) => run.id);
  return new UserError({
    code: 'RUN_MISSING',
    where: reference,
    what: `There is no such run.${close === undefined ? '' : ` Closest: ${close}.`}`,
    next:
      latest.length === 0
        ? 'There are no runs in experiments/*/runs here: train one with limaml train.'
        : `The latest: ${latest.join(', ')}. See: limaml runs`,
  });
}

function ambiguous(reference: string, found: readonly RunPlace[]): UserError {
  return new UserError({
    code: 'RUN_AMBIGUOUS',
    where: reference,
    what: `${found.length} runs begin so: ${found.map(({ id, experiment }) => `${experiment}/${id}`).join(', ')}.`,
    next: 'Type more of the id, or the path of the run.',
  });
}

/** The run that lies at `path`. */
export function placeOf(path: string): RunPlace {
  return { id: basename(path), path, experiment: basename(dirname(dirname(path))) };
}

/** A run that lost one of its files is still one, and damaged. */
function isRun(path: string): boolean {
  return ['config.json', 'provenance.json', DONE].some((file) => existsSync(join(path, file)));
}

function subfolders(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
    : [];
}

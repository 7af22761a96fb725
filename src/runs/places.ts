// Where runs lie: the folders of a project that hold them, and which folder is one.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DONE } from './state.js';

export interface RunPlace {
  readonly id: string;
  readonly path: string;
  /** Name of the experiment: the folder that holds `runs/`. */
  readonly experiment: string;
}

/** Every `runs/` of a project: of the folder itself and of `experiments/*`. */
export function runsFolders(cwd: string): readonly string[] {
  const experiments = join(cwd, 'experiments');
  return [cwd, ...subfolders(experiments).map((name) => join(experiments, name))]
    .map((folder) => join(folder, 'runs'))
    .filter((folder) => existsSync(folder));
}

/** Every run of a project, oldest first. */
export function listRuns(cwd: string): readonly RunPlace[] {
  return runsFolders(cwd).flatMap(runsIn).sort(oldestFirst);
}

/** Ids begin with their start, so their order is that of the runs. */
export const oldestFirst = (a: Pick<RunPlace, 'id'>, b: Pick<RunPlace, 'id'>): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** The runs in one `runs/` folder, oldest first. Folders being made (their names begin with a dot) are no runs yet. */
export function runsIn(runsFolder: string): readonly RunPlace[] {
  return subfolders(runsFolder)
    .filter((id) => !id.startsWith('.') && isRun(join(runsFolder, id)))
    .sort()
    .map((id) => placeOf(join(runsFolder, id)));
}

/** The run that lies at `path`. */
export function placeOf(path: string): RunPlace {
  return { id: basename(path), path, experiment: basename(dirname(dirname(path))) };
}

/** A run that lost one of its files is still one, and damaged. */
export function isRun(path: string): boolean {
  return ['config.json', 'provenance.json', DONE].some((file) => existsSync(join(path, file)));
}

function subfolders(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter(
          (entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(folder, entry.name))),
        )
        .map(({ name }) => name)
    : [];
}

/** A link whose target is gone is none. */
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

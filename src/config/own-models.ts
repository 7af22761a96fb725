// Sections of a recipe that name a file (`from`) in place of one of limaml's models: the file is loaded, its name and hash added.
import { dirname, resolve } from 'node:path';
import { UserErrors } from '../errors.js';
import { loadOwnModel } from '../models/own/own-model.js';
import { type Fault, faultsToErrors } from './faults.js';
import { shorten } from './find-files.js';
import { isObject, type Layered, type Override, valueAt } from './layers.js';
import type { Path } from './read-yaml.js';

/**
 * Loads the models that `model` and `baselines` take from files, paths relative to the recipe at `recipePath`. Throws what
 * `loadOwnModel` throws, and every section at once that says otherwise than its file.
 */
export async function ownModelOverrides(
  layered: Layered,
  recipePath: string,
  cwd: string,
): Promise<readonly Override[]> {
  const faults: Fault[] = [];
  const overrides: Override[] = [];
  for (const { path, section, name } of sections(layered.value)) {
    const { from, sha256 } = section;
    if (from === undefined && sha256 === undefined) continue;
    if (typeof from !== 'string') {
      faults.push({ ...ONLY_A_FILE, path: [...path, from === undefined ? 'sha256' : 'from'] });
      continue;
    }
    const file = resolve(dirname(recipePath), from);
    const own = await loadOwnModel(file, shorten(file, cwd));
    const ownName = own.definition.name;
    if (name !== undefined && name !== ownName) faults.push(otherName(path, String(name), ownName));
    if (sha256 !== undefined && sha256 !== own.sha256) faults.push(otherContent(path, from, own.sha256));
    const flag = `the file ${from}`;
    if (path.length === 1) overrides.push({ path: [...path, 'name'], value: ownName, flag });
    overrides.push({ path: [...path, 'sha256'], value: own.sha256, flag });
  }
  if (faults.length > 0) throw new UserErrors(faultsToErrors(faults, layered));
  return overrides;
}

interface Section {
  readonly path: Path;
  readonly section: Readonly<Record<string, unknown>>;
  /** The model's name as the recipe gives it. */
  readonly name: unknown;
}

function sections(tree: unknown): readonly Section[] {
  const model = valueAt(tree, ['model']);
  const baselines = valueAt(tree, ['baselines']);
  return [
    ...(isObject(model) ? [{ path: ['model'], section: model, name: model['name'] }] : []),
    ...Object.entries(isObject(baselines) ? baselines : {}).flatMap(([name, section]) =>
      isObject(section) ? [{ path: ['baselines', name], section, name }] : [],
    ),
  ];
}

const ONLY_A_FILE = {
  code: 'CONFIG_BAD_VALUE',
  what: '"from" names the file of a model; "sha256" is the hash of that file\'s content.',
  next: 'Write from: ./my-model.js',
} as const;

function otherName(path: Path, name: string, ownName: string): Fault {
  return {
    code: 'CONFIG_RULE',
    path,
    what: `The model of the file is named "${ownName}", here it is "${name}".`,
    next: `Name it "${ownName}" here too.`,
  };
}

function otherContent(path: Path, from: string, sha256: string): Fault {
  return {
    code: 'MODEL_FILE_CHANGED',
    path: [...path, 'sha256'],
    what: `${from} is not the file that this recipe was written for: its SHA-256 is ${sha256}.`,
    next: 'Restore the file, or leave "sha256" out to take it as it is.',
  };
}

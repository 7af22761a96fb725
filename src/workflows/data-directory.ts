// Where the raw files of a data set are looked for.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { DatasetDescriptor } from '../prep/descriptor/descriptor.js';
import { findFiles } from '../prep/descriptor/find-files.js';
import { eventPatterns } from '../prep/descriptor/resolve.js';

/**
 * The folder of the raw files: `--data`, else the environment's LIMAML_DATA, else the working directory; in it the folder that the
 * descriptor's `data` names, or one of the data set's name, where the files of the log lie there. A generated data set needs none.
 * Throws DATA_FOLDER_MISSING for a named folder that is not there.
 */
export async function dataDirectory(
  descriptor: DatasetDescriptor,
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string> {
  const { base, from } = baseOf(flag, env, cwd);
  if (descriptor.generated !== undefined) return base;
  if (!existsSync(base)) {
    const { url, note } = descriptor.source;
    throw new UserError({
      code: 'DATA_FOLDER_MISSING',
      where: `${from} ${base}`,
      what: `There is no such folder, so the raw files of "${descriptor.name}" cannot be found.`,
      next: `Name their folder with --data. ${[url, note].filter(Boolean).join(' ')}`.trim(),
    });
  }
  const named = descriptor.data === undefined ? [] : [resolve(base, descriptor.data)];
  for (const folder of [...named, resolve(base, descriptor.name)])
    if (await holdsEvents(folder, descriptor)) return folder;
  return base;
}

function baseOf(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): { readonly base: string; readonly from: string } {
  if (flag !== undefined) return { base: resolve(cwd, flag), from: '--data' };
  const variable = env['LIMAML_DATA'];
  if (variable !== undefined && variable !== '') return { base: resolve(cwd, variable), from: 'LIMAML_DATA' };
  return { base: cwd, from: 'working directory' };
}

/** Whether the event files of any layout are in the folder. */
async function holdsEvents(folder: string, { events, layouts }: DatasetDescriptor): Promise<boolean> {
  const arrangements = layouts?.map((layout) => layout.events) ?? (events === undefined ? [] : [events]);
  for (const arrangement of arrangements)
    if ((await findFiles(folder, eventPatterns(arrangement))).missing.length === 0) return true;
  return false;
}

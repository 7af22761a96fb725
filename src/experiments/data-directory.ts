// Where the raw files of a data set are looked for.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatasetDescriptor } from '../data/descriptor.js';
import { UserError } from '../errors.js';

export interface DataPlace {
  readonly path: string;
  /** Who named it: `--data`, `LIMAML_DATA`, `data: in the descriptor`. */
  readonly from: string;
}

/**
 * `--data`, else the environment's LIMAML_DATA, else `data` of the descriptor, else the working directory.
 * Throws DATA_FOLDER_MISSING for a named folder that is not there. A generated data set reads no files and needs none.
 */
export function dataDirectory(
  descriptor: Pick<DatasetDescriptor, 'data' | 'generated' | 'name' | 'source'>,
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): DataPlace {
  const variable = env['LIMAML_DATA'];
  const [path, from] =
    flag !== undefined
      ? [flag, '--data']
      : variable !== undefined && variable !== ''
        ? [variable, 'LIMAML_DATA']
        : descriptor.data !== undefined
          ? [descriptor.data, 'data: in the descriptor']
          : ['.', 'the working directory'];
  const place = { path: resolve(cwd, path), from };
  if (descriptor.generated === undefined && !existsSync(place.path)) {
    const { url, note } = descriptor.source;
    throw new UserError({
      code: 'DATA_FOLDER_MISSING',
      where: `${from}: ${path}`,
      what: `There is no such folder, so the raw files of "${descriptor.name}" cannot be found.`,
      next: `Name their folder with --data. The data: ${[url, note].filter(Boolean).join(', ') || 'see the descriptor'}`,
    });
  }
  return place;
}

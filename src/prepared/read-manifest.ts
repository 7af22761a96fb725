// Whether a prepared folder is what its manifest says.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { hashFile, hashJson } from '../hash.js';
import { settle } from '../leftovers.js';
import { MANIFEST_FILE, PREPARED_FORMAT, READ_VERSIONS } from './format.js';
import type { PreparedManifest } from './manifest.js';
import { manifestFaults } from './manifest-faults.js';

const AGAIN = 'Run "limaml prep" again, or correct the program that wrote it.';
const SHOWN_FAULTS = 5;

/** Reads the manifest. Throws `UserError` where there is none, one of a version we cannot read, one that was changed, or that contradicts itself. */
export async function readManifest(path: string): Promise<PreparedManifest> {
  await settle(path);
  const where = join(path, MANIFEST_FILE);
  let manifest: PreparedManifest;
  try {
    manifest = JSON.parse(await readFile(where, 'utf8')) as PreparedManifest;
  } catch (error) {
    const absent =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ENOTDIR';
    throw new UserError({
      code: absent ? 'PREPARED_NOT_FOUND' : 'PREPARED_DAMAGED',
      where: absent ? path : where,
      what: absent
        ? 'This is no prepared data set: it has no manifest.json.'
        : 'The manifest cannot be read.',
      next: AGAIN,
    });
  }
  if (
    manifest?.format !== PREPARED_FORMAT.name ||
    !READ_VERSIONS.some((version) => version === manifest.version)
  )
    throw new UserError({
      code: 'PREPARED_VERSION',
      where,
      what: `The format is "${manifest?.format}" version ${manifest?.version}; this program reads "${PREPARED_FORMAT.name}" version ${READ_VERSIONS.join(' and ')}.`,
      next: AGAIN,
    });
  const faults = manifestFaults(manifest);
  if (faults.length > 0)
    throw new UserError({
      code: 'PREPARED_DAMAGED',
      where,
      what: `The manifest is not what docs/prepared-format.md says: ${faults.slice(0, SHOWN_FAULTS).join('; ')}${faults.length > SHOWN_FAULTS ? `; and ${faults.length - SHOWN_FAULTS} more` : ''}.`,
      next: AGAIN,
    });
  const { sha256, ...content } = manifest;
  if (sha256 !== undefined && sha256 !== hashJson(content))
    throw new UserError({
      code: 'PREPARED_DAMAGED',
      where,
      what: 'The manifest is not as it was written: it is not what its own hash says.',
      next: AGAIN,
    });
  return manifest;
}

/** Hashes every file of the folder. Throws `UserError` PREPARED_DAMAGED naming the first that is missing or changed. */
export async function checkFiles(path: string, manifest: PreparedManifest): Promise<void> {
  for (const [file, expected] of Object.entries(manifest.files)) {
    const found = await hashFile(join(path, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === expected) continue;
    throw new UserError({
      code: 'PREPARED_DAMAGED',
      where: join(path, file),
      what:
        found === undefined
          ? 'The file is missing.'
          : `The file has changed since it was prepared: its hash is ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}….`,
      next: AGAIN,
    });
  }
}

// JSON of a run folder, written with a checksum and read in one place: a file that was cut off or edited is named, and its shape is
// held to the writer's schema.
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { writeFileAtomic } from '../atomic-files.js';
import { isObject } from '../config/layers.js';
import { UserError } from '../errors.js';
import { hashJson } from '../hash.js';

const NEXT = 'Restore it, or remove the run.';

/** The checksum's key: SHA-256 of the other keys as canonical JSON. */
const CHECKSUM = 'sha256';

/** Writes an object with its checksum, whole or not at all. */
export async function writeRunJson(path: string, value: object, indent: 0 | 2 = 2): Promise<void> {
  const sealed = { ...value, [CHECKSUM]: hashJson(value) };
  await writeFileAtomic(path, `${JSON.stringify(sealed, null, indent)}\n`);
}

/**
 * What a file of a run holds. Throws RUN_DAMAGED where it is gone, is no JSON, is not of the shape, or not what was
 * written: files of earlier versions have no checksum to tell that by.
 */
export function readRunJson<S extends z.ZodType>(path: string, schema: S, next = NEXT): z.output<S> {
  return parse(contentOf(path), schema, path, next, true);
}

/** One value a line. A last line without its end was cut off while being written and is left out. Throws RUN_DAMAGED. */
export function readRunLines<S extends z.ZodType>(path: string, schema: S): readonly z.output<S>[] {
  const lines = contentOf(path).split('\n').slice(0, -1);
  return lines.map((line, i) => parse(line, schema, `${path}:${i + 1}`, NEXT));
}

export function runDamaged(where: string, what: string, next = NEXT, cause?: unknown): UserError {
  return new UserError({ code: 'RUN_DAMAGED', where, what, next }, { cause });
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw runDamaged(path, 'This file of the run is gone.', NEXT, error);
    if (code === 'EISDIR') throw runDamaged(path, 'A folder lies in place of this file.', NEXT, error);
    throw error;
  }
}

function parse<S extends z.ZodType>(
  text: string,
  schema: S,
  where: string,
  next: string,
  whole = false,
): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw runDamaged(where, `This is no JSON: ${(error as Error).message}.`, next, error);
  }
  if (whole && isObject(json) && CHECKSUM in json) {
    const { [CHECKSUM]: expected, ...rest } = json;
    if (hashJson(rest) !== expected)
      throw runDamaged(where, 'Its content is not what its checksum says: it was changed.', next);
    json = rest;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw runDamaged(where, `It is not what this version writes: ${at}${issue?.message ?? 'odd'}.`, next);
}

// The one reader of JSON in a run folder: a file that was cut off or edited is named, and its shape is held to the writer's schema.
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { UserError } from '../errors.js';

const NEXT = 'Restore it, or remove the run.';

/** What a file of a run holds. Throws RUN_DAMAGED where it is gone, is no JSON, or is not of the shape. */
export function readRunJson<S extends z.ZodType>(path: string, schema: S, next = NEXT): z.output<S> {
  return parse(contentOf(path), schema, path, next);
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

function parse<S extends z.ZodType>(text: string, schema: S, where: string, next: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw runDamaged(where, `This is no JSON: ${(error as Error).message}.`, next, error);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw runDamaged(where, `It is not what this version writes: ${at}${issue?.message ?? 'odd'}.`, next);
}

// Raw files by name or glob, relative to the data directory.
import { readdir, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';

/** Matches `*` and `?` within a name and `**` across folders. */
function globPattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*\*|\*|\?)/);
  const source = parts
    .map((part) => {
      if (part === '**/') return '(?:[^/]+/)*';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}

/**
 * The files that a pattern, or each of a list, names; relative paths with `/`, sorted within a pattern so that source order
 * never depends on the file system. A pattern that matches nothing is reported in `missing`.
 */
export async function findFiles(
  directory: string,
  patterns: string | readonly string[],
): Promise<{ readonly files: readonly string[]; readonly missing: readonly string[] }> {
  const files: string[] = [];
  const missing: string[] = [];
  for (const pattern of typeof patterns === 'string' ? [patterns] : patterns) {
    // A file may be called by what would be a pattern of others.
    const literal = await named(directory, pattern);
    const found = literal.length === 0 && /[*?]/.test(pattern) ? await matching(directory, pattern) : literal;
    if (found.length === 0) missing.push(pattern);
    for (const file of found)
      if (!files.some((other) => normalize(other) === normalize(file))) files.push(file);
  }
  return { files, missing };
}

async function named(directory: string, name: string): Promise<string[]> {
  const found = await stat(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return found?.isFile() ? [name] : [];
}

async function matching(directory: string, pattern: string): Promise<string[]> {
  const expression = globPattern(pattern);
  const entries = await readdir(directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const candidates = entries
    .map((entry) => entry.replaceAll('\\', '/'))
    .filter((entry) => expression.test(entry));
  const found = await Promise.all(candidates.map((entry) => named(directory, entry)));
  return found.flat().sort();
}

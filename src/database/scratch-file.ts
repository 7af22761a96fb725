// Where a scratch database lies: DuckDB takes a `?` in a path for the options of an address and looks for its log elsewhere.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onInterruption } from '../interruption.js';

interface ScratchFile {
  readonly path: string;
  /** Removes what was made for it, not the file that was asked for. */
  leave(): void;
}

/** The path itself; one in the system's folder for temporary files where it holds a `?`, and no link helps: DuckDB follows it. */
export function scratchFile(path: string): ScratchFile {
  if (!path.includes('?')) return { path, leave: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'limaml-scratch-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const withdraw = onInterruption(() => {
    remove();
    return undefined;
  });
  return {
    path: join(folder, basename(path).replaceAll('?', '_')),
    leave: () => {
      withdraw();
      remove();
    },
  };
}

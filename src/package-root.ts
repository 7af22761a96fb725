// Where this program's own files lie, and which version it is: the same answer from sources, dist/ and an installed package.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InternalError } from './errors.js';

let found: { readonly root: string; readonly version: string } | undefined;

function locate(): { readonly root: string; readonly version: string } {
  if (found !== undefined) return found;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'limaml' && version !== undefined) {
        found = { root: folder, version };
        return found;
      }
    }
    const parent = dirname(folder);
    if (parent === folder) throw new InternalError('no package.json of limaml above its own program files');
    folder = parent;
  }
}

/** Folder of the package: shipped `datasets/` and `experiments/` lie in it. */
export function packageRoot(): string {
  return locate().root;
}

/** Version in the package's own package.json. */
export function packageVersion(): string {
  return locate().version;
}
